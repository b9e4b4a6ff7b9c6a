// Command load measures one round of a server of containerd's content service, through containerd's own client.
//
// ADDRESS names its unix socket. It prints a line of JSON for each measurement, {"name", "unit", "value"}, higher is
// better, and deletes what it wrote.
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	api "github.com/containerd/containerd/api/services/content/v1"
	"github.com/containerd/containerd/content"
	"github.com/containerd/containerd/content/proxy"
	"github.com/containerd/containerd/namespaces"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"google.golang.org/grpc"
)

var (
	large  = flag.Int("large", 32, "MiB of a large blob")
	small  = flag.Int("small", 300, "blobs of 4 KiB, and a tenth of the Info calls")
	atOnce = flag.Int("at-once", 4, "large blobs written or read at once; four times so many small calls")
)

// Largest message in both directions, in bytes, as in containerd's own clients.
const messageBytes = 16 << 20

const mebibyte = 1 << 20

type round struct {
	ctx    context.Context
	client api.ContentClient
	store  content.Store
	random *rand.Rand
	stored []digest.Digest
}

type measurement struct {
	Name  string  `json:"name"`
	Unit  string  `json:"unit"`
	Value float64 `json:"value"`
}

func main() {
	log.SetFlags(0)
	flag.Parse()
	if err := measure(); err != nil {
		log.Fatal(err)
	}
}

func measure() error {
	conn, err := dial(os.Getenv("ADDRESS"))
	if err != nil {
		return err
	}
	defer conn.Close()
	client := api.NewContentClient(conn)
	r := &round{
		ctx:    namespaces.WithNamespace(context.Background(), "bench"),
		client: client,
		store:  proxy.NewContentStore(client),
		random: rand.New(rand.NewSource(time.Now().UnixNano())),
	}
	defer r.clear()
	for _, step := range []func() error{r.writeAndRead, r.writeSmall, r.info, r.list} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func dial(address string) (*grpc.ClientConn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return grpc.DialContext(ctx, "unix://"+address, grpc.WithInsecure(), grpc.WithBlock(),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", address)
		}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(messageBytes), grpc.MaxCallSendMsgSize(messageBytes)))
}

func tell(name, unit string, amount float64, took time.Duration) error {
	return json.NewEncoder(os.Stdout).Encode(measurement{name, unit, amount / took.Seconds()})
}

// blobs makes some that no server has yet.
func (r *round) blobs(count, size int) [][]byte {
	base := make([]byte, size)
	r.random.Read(base)
	made := make([][]byte, count)
	for i := range made {
		made[i] = append([]byte(nil), base...)
		binary.LittleEndian.PutUint64(made[i], r.random.Uint64())
	}
	return made
}

func (r *round) write(data []byte, desc ocispec.Descriptor) error {
	// bytes.Reader would send all of it in one message: only its Read is shown
	return content.WriteBlob(r.ctx, r.store, "bench-"+desc.Digest.String(), struct{ io.Reader }{bytes.NewReader(data)}, desc)
}

// writeAll writes blobs, so many at once, and remembers them; hashing is no part of the time.
func (r *round) writeAll(blobs [][]byte, workers int) (time.Duration, []ocispec.Descriptor, error) {
	descs := make([]ocispec.Descriptor, len(blobs))
	for i, data := range blobs {
		descs[i] = ocispec.Descriptor{Digest: digest.FromBytes(data), Size: int64(len(data))}
		r.stored = append(r.stored, descs[i].Digest)
	}
	took, err := spread(len(blobs), workers, func(i int) error { return r.write(blobs[i], descs[i]) })
	return took, descs, err
}

func (r *round) writeAndRead() error {
	took, descs, err := r.writeAll(r.blobs(*atOnce, *large*mebibyte), *atOnce)
	if err != nil {
		return err
	}
	amount := float64(*large * *atOnce)
	if err := tell("write", "MiB/s", amount, took); err != nil {
		return err
	}
	for _, piece := range []struct {
		name  string
		bytes int
	}{{"read in 32 KiB", 32 << 10}, {"read in 1 MiB", mebibyte}} {
		took, err := spread(len(descs), *atOnce, func(i int) error { return r.readPieces(descs[i], piece.bytes) })
		if err != nil {
			return err
		}
		if err := tell(piece.name, "MiB/s", amount, took); err != nil {
			return err
		}
	}
	took, err = spread(len(descs), *atOnce, func(i int) error { return r.readStream(descs[i]) })
	if err != nil {
		return err
	}
	return tell("read as a stream", "MiB/s", amount, took)
}

// readPieces asks for a piece a call, as containerd reads.
func (r *round) readPieces(desc ocispec.Descriptor, piece int) error {
	reader, err := r.store.ReaderAt(r.ctx, desc)
	if err != nil {
		return err
	}
	defer reader.Close()
	into := struct{ io.Writer }{io.Discard}
	read, err := io.CopyBuffer(into, content.NewReader(reader), make([]byte, piece))
	return complete(read, desc, err)
}

// readStream reads the whole blob in one call.
func (r *round) readStream(desc ocispec.Descriptor) error {
	stream, err := r.client.Read(r.ctx, &api.ReadContentRequest{Digest: desc.Digest})
	if err != nil {
		return err
	}
	var read int64
	for {
		answer, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return complete(read, desc, nil)
		}
		if err != nil {
			return err
		}
		read += int64(len(answer.Data))
	}
}

func complete(read int64, desc ocispec.Descriptor, err error) error {
	if err == nil && read != desc.Size {
		return fmt.Errorf("read %d bytes of %d", read, desc.Size)
	}
	return err
}

func (r *round) writeSmall() error {
	took, _, err := r.writeAll(r.blobs(*small, 4096), *atOnce*4)
	if err != nil {
		return err
	}
	return tell("write of 4 KiB", "blobs/s", float64(*small), took)
}

func (r *round) info() error {
	calls := *small * 10
	took, err := spread(calls, *atOnce*4, func(i int) error {
		_, err := r.store.Info(r.ctx, r.stored[i%len(r.stored)])
		return err
	})
	if err != nil {
		return err
	}
	return tell("info", "calls/s", float64(calls), took)
}

func (r *round) list() error {
	const times = 5
	blobs := 0
	took, err := spread(times, 1, func(int) error {
		return r.store.Walk(r.ctx, func(content.Info) error { blobs++; return nil })
	})
	if err != nil {
		return err
	}
	return tell("list", "blobs/s", float64(blobs), took)
}

// spread calls run with 0 to count-1 from some workers, and tells how long all of it took.
func spread(count, workers int, run func(i int) error) (time.Duration, error) {
	var group sync.WaitGroup
	failed := make(chan error, workers)
	next := int64(-1)
	begun := time.Now()
	for worker := 0; worker < workers; worker++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := atomic.AddInt64(&next, 1); i < int64(count); i = atomic.AddInt64(&next, 1) {
				if err := run(int(i)); err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	group.Wait()
	took := time.Since(begun)
	select {
	case err := <-failed:
		return took, err
	default:
		return took, nil
	}
}

func (r *round) clear() {
	for _, stored := range r.stored {
		if err := r.store.Delete(r.ctx, stored); err != nil {
			log.Print(err)
		}
	}
}
