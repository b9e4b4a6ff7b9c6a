// Command flat puts containerd's content service in front of its local store and of nothing else: no namespaces, no leases,
// no labels. So containerd documents a remote content store.
//
// With -readonly it refuses whatever would change the store, which is what a buildkitd offers of its own.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"

	contentapi "github.com/containerd/containerd/api/services/content/v1"
	"github.com/containerd/containerd/content"
	"github.com/containerd/containerd/content/local"
	"github.com/containerd/containerd/services/content/contentserver"
	"github.com/opencontainers/go-digest"
	"google.golang.org/grpc"
)

// Bytes of one message: a write of the suite has 32 MiB, in pieces of less.
const messageBytes = 16 << 20

var errReadOnly = errors.New("read-only content store")

// A store that can be read.
type readOnly struct{ content.Store }

func (readOnly) Writer(context.Context, ...content.WriterOpt) (content.Writer, error) {
	return nil, errReadOnly
}

func (readOnly) Update(context.Context, content.Info, ...string) (content.Info, error) {
	return content.Info{}, errReadOnly
}

func (readOnly) Delete(context.Context, digest.Digest) error { return errReadOnly }

func (readOnly) Abort(context.Context, string) error { return errReadOnly }

func serve(root, socket string, isReadOnly bool) error {
	// Without this folder an empty store cannot be listed.
	if err := os.MkdirAll(filepath.Join(root, "blobs", "sha256"), 0o755); err != nil {
		return err
	}
	store, err := local.NewStore(root)
	if err != nil {
		return err
	}
	if isReadOnly {
		store = readOnly{store}
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	server := grpc.NewServer(grpc.MaxRecvMsgSize(messageBytes), grpc.MaxSendMsgSize(messageBytes))
	contentapi.RegisterContentServer(server, contentserver.New(store))
	fmt.Println("serving")
	return server.Serve(listener)
}

func main() {
	root := flag.String("root", "", "folder of the store")
	socket := flag.String("socket", "", "path of the unix socket")
	isReadOnly := flag.Bool("readonly", false, "refuse what would change the store")
	flag.Parse()
	if err := serve(*root, *socket, *isReadOnly); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
