package usagefile

import (
	"crypto"
	"crypto/ed25519"
	"fmt"
)

// signatureOptions are Ed25519ph of RFC 8032 with the format's name as
// context: the hash of a streamed file can be signed, and no signature made
// for anything else fits.
func signatureOptions() *ed25519.Options {
	return &ed25519.Options{Hash: crypto.SHA512, Context: Format}
}

func makeSignature(key ed25519.PrivateKey, sum []byte) ([]byte, error) {
	signature, err := key.Sign(nil, sum, signatureOptions())
	if err != nil {
		return nil, fmt.Errorf("sign usage file: %w", err)
	}
	return signature, nil
}

func verifySignature(key ed25519.PublicKey, sum, signature []byte) bool {
	return len(key) == ed25519.PublicKeySize &&
		ed25519.VerifyWithOptions(key, sum, signature, signatureOptions()) == nil
}
