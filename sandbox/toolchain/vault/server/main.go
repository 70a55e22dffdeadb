// Vault's own server with the two plugins that the platform uses, its storage in memory, unsealed when it starts.
// The command of Vault carries every plugin that there is, and takes many times as long to build.
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"
	kubeauth "github.com/hashicorp/vault-plugin-auth-kubernetes"
	kv "github.com/hashicorp/vault-plugin-secrets-kv"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/internalshared/configutil"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical/inmem"
	"github.com/hashicorp/vault/vault"
)

var (
	auth    = plugins{"kubernetes": kubeauth.Factory}
	secrets = plugins{"kv": kv.Factory}
)

type plugins map[string]logical.Factory

// registry tells the server which plugins are built in.
type registry struct{}

func (registry) of(kind consts.PluginType) plugins {
	return map[consts.PluginType]plugins{consts.PluginTypeCredential: auth, consts.PluginTypeSecrets: secrets}[kind]
}

func (r registry) Contains(name string, kind consts.PluginType) bool {
	return r.of(kind)[name] != nil
}

func (r registry) Get(name string, kind consts.PluginType) (func() (interface{}, error), bool) {
	factory, found := r.of(kind)[name]
	return func() (interface{}, error) { return factory, nil }, found
}

func (r registry) Keys(kind consts.PluginType) []string {
	names := []string{}
	for name := range r.of(kind) {
		names = append(names, name)
	}
	return names
}

func (r registry) DeprecationStatus(name string, kind consts.PluginType) (consts.DeprecationStatus, bool) {
	return consts.Supported, r.Contains(name, kind)
}

func (registry) IsBuiltinEntPlugin(string, consts.PluginType) bool { return false }

// start returns a server that is unsealed, and the token that may do everything with it.
func start(ctx context.Context, logger hclog.Logger) (*vault.Core, string, error) {
	storage, err := inmem.NewInmem(nil, logger)
	if err != nil {
		return nil, "", err
	}
	core, err := vault.NewCore(&vault.CoreConfig{
		Physical:           storage,
		Logger:             logger,
		CredentialBackends: auth,
		LogicalBackends:    secrets,
		BuiltinRegistry:    registry{},
		// Without the right to lock memory, an ordinary user could not start it.
		DisableMlock: true,
	})
	if err != nil {
		return nil, "", err
	}
	share := &vault.SealConfig{SecretShares: 1, SecretThreshold: 1}
	made, err := core.Initialize(ctx, &vault.InitParams{BarrierConfig: share, RecoveryConfig: &vault.SealConfig{}})
	if err != nil {
		return nil, "", err
	}
	unsealed, err := core.Unseal(made.SecretShares[0])
	if err == nil && !unsealed {
		err = errors.New("still sealed")
	}
	return core, made.RootToken, err
}

func main() {
	address := flag.String("address", "127.0.0.1:8200", "where to listen")
	certificate := flag.String("certificate", "", "file of the server's certificate, PEM")
	key := flag.String("key", "", "file of its key, PEM")
	tokenFile := flag.String("root-token", "", "file to write the root token to, for its owner alone")
	flag.Parse()

	logger := hclog.New(&hclog.LoggerOptions{Name: "vault", Level: hclog.Info})
	core, token, err := start(context.Background(), logger)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*tokenFile, []byte(token), 0o600); err != nil {
		log.Fatal(err)
	}
	handler := vaulthttp.Handler.Handler(&vault.HandlerProperties{Core: core, ListenerConfig: &configutil.Listener{}})
	server := &http.Server{Addr: *address, Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		stop := make(chan os.Signal, 1)
		signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
		<-stop
		_ = server.Close()
	}()
	if err := server.ListenAndServeTLS(*certificate, *key); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}
