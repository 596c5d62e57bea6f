package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"aead.dev/minisign"
)

// TestReleaseIsWhole: what is made for this machine can be checked and runs.
// The packages are installed in a copy of the machine that ends with the test.
func TestReleaseIsWhole(t *testing.T) {
	public, secret, err := minisign.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r := &release{root: "..", output: filepath.Join(t.TempDir(), "dist"), targets: []target{{"linux", runtime.GOARCH, true}}, key: &secret}
	if err := r.make(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Run("another one is not mixed in", func(t *testing.T) {
		if err := r.make(t.Context()); err == nil || !strings.Contains(err.Error(), "is not empty") {
			t.Error(err)
		}
	})
	t.Run("checksums", func(t *testing.T) {
		list, signature := mustRead(t, r.output, "SHA256SUMS"), mustRead(t, r.output, "SHA256SUMS.minisig")
		if !minisign.Verify(public, list, signature) || minisign.Verify(public, append(list, '\n'), signature) {
			t.Error("the signature does not say whether the list is ours")
		}
		check := exec.CommandContext(t.Context(), "sha256sum", "--check", "--strict", "SHA256SUMS")
		check.Dir = r.output
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
	t.Run("contents", func(t *testing.T) {
		var bom struct {
			Components []struct{ Name, Version string }
		}
		if err := json.Unmarshal(mustRead(t, r.output, "oneseat-linux-"+runtime.GOARCH+".cdx.json"), &bom); err != nil {
			t.Fatal(err)
		}
		versions := map[string]string{}
		for _, c := range bom.Components {
			versions[c.Name] = c.Version
		}
		if versions["modernc.org/sqlite"] == "" || versions["stdlib"] != strings.TrimPrefix(runtime.Version(), "go") {
			t.Error(versions)
		}
	})
	t.Run("package", func(t *testing.T) { tryPackage(t, r) })
}

// tryPackage installs, starts, upgrades and removes the .deb, by a script in a
// copy of this machine.
func tryPackage(t *testing.T, r *release) {
	t.Helper()
	if err := copyable(t); err != nil {
		t.Skipf("the machine cannot be copied for a test: %v", err)
	}
	first, second := &release{root: r.root, output: filepath.Join(t.TempDir(), "1")}, &release{root: r.root, output: filepath.Join(t.TempDir(), "2")}
	program, err := filepath.Abs(filepath.Join(r.output, "oneseat-linux-"+runtime.GOARCH))
	if err != nil {
		t.Fatal(err)
	}
	for version, to := range map[string]*release{"0.1.0": first, "0.2.0": second} {
		if err := errors.Join(to.begin(), to.pack(r.targets[0], program, version)); err != nil {
			t.Fatal(err)
		}
	}
	debs := func(r *release) string {
		found, err := filepath.Glob(filepath.Join(r.output, "*.deb"))
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		return found[0]
	}
	script, err := filepath.Abs("testdata/try-package")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "unshare", "--mount", "--pid", "--fork", script, debs(first), debs(second)).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// copyable says why this machine cannot be copied for a test; nil when it can.
func copyable(t *testing.T) error {
	t.Helper()
	if os.Getuid() != 0 {
		return errors.New("only root can install a package in a copy of the machine")
	}
	for _, tool := range []string{"unshare", "dpkg", "systemd-analyze"} {
		if _, err := exec.LookPath(tool); err != nil {
			return err
		}
	}
	return exec.CommandContext(t.Context(), "unshare", "--mount", "true").Run()
}

func mustRead(t *testing.T, in ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(in...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
