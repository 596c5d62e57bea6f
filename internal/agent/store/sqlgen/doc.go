// Package sqlgen is the queries of internal/agent/store as Go functions, written
// by sqlc from the files in queries; "make gen" writes it anew. It decides
// nothing and only the store uses it: start there.
package sqlgen
