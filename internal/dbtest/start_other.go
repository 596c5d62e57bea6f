//go:build !unix

package dbtest

import "errors"

func startCluster() (*cluster, error) {
	return nil, errors.New("PostgreSQL is tested on Unix systems alone")
}
