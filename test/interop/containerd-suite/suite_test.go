// Package suite runs the content test suite that containerd ships against the server on a unix socket.
//
// ADDRESS names the socket. The server must be fresh; it needs to serve Content alone. POLICY says what it makes of
// blobs that another namespace holds: "isolated" that they have to be written anew, anything else that they are shared.
package suite

import (
	"context"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"testing"
	"time"

	api "github.com/containerd/containerd/api/services/content/v1"
	"github.com/containerd/containerd/content"
	"github.com/containerd/containerd/content/proxy"
	"github.com/containerd/containerd/content/testsuite"
	"github.com/containerd/containerd/errdefs"
	"github.com/containerd/containerd/namespaces"
	"google.golang.org/grpc"
)

// Largest message in both directions, in bytes, as in containerd's own clients.
const messageBytes = 16 << 20

func TestContent(t *testing.T) {
	testsuite.ContentSuite(t, "suite", opener(t))
}

func TestNamespaces(t *testing.T) {
	if os.Getenv("POLICY") == "isolated" {
		testsuite.ContentCrossNSIsolatedSuite(t, "suite", opener(t))
		return
	}
	testsuite.ContentCrossNSSharedSuite(t, "suite", opener(t))
}

// opener makes the factory that the suite asks for a store, once a case.
func opener(t *testing.T) testsuite.StoreInitFn {
	conn := dial(t)
	store := proxy.NewContentStore(api.NewContentClient(conn))
	var used int64
	return func(ctx context.Context, _ string) (context.Context, content.Store, func() error, error) {
		first := atomic.LoadInt64(&used)
		next := func(ctx context.Context) (context.Context, func(context.Context) error, error) {
			name := fmt.Sprintf("suite-%d", atomic.AddInt64(&used, 1))
			return namespaces.WithNamespace(ctx, name), func(context.Context) error { return nil }, nil
		}
		clean := func() error { return empty(store, first, atomic.LoadInt64(&used)) }
		return testsuite.SetContextWrapper(ctx, next), store, clean, nil
	}
}

func dial(t *testing.T) *grpc.ClientConn {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	address := os.Getenv("ADDRESS")
	conn, err := grpc.DialContext(ctx, "unix://"+address,
		grpc.WithInsecure(),
		grpc.WithBlock(),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", address)
		}),
		grpc.WithDefaultCallOptions(
			grpc.MaxCallRecvMsgSize(messageBytes),
			grpc.MaxCallSendMsgSize(messageBytes)))
	if err != nil {
		t.Fatalf("cannot connect to %q: %v", address, err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// empty removes what a case left in the namespaces after first, up to last: cases write the same bytes, and one
// namespace is offered what another holds.
func empty(store content.Store, first, last int64) error {
	for i := first + 1; i <= last; i++ {
		ctx := namespaces.WithNamespace(context.Background(), fmt.Sprintf("suite-%d", i))
		ingests, err := store.ListStatuses(ctx)
		if err != nil {
			return err
		}
		for _, ingest := range ingests {
			if err := store.Abort(ctx, ingest.Ref); err != nil && !errdefs.IsNotFound(err) {
				return err
			}
		}
		var blobs []content.Info
		collect := func(info content.Info) error { blobs = append(blobs, info); return nil }
		if err := store.Walk(ctx, collect); err != nil {
			return err
		}
		for _, blob := range blobs {
			if err := store.Delete(ctx, blob.Digest); err != nil {
				return err
			}
		}
	}
	return nil
}
