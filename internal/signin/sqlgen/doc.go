// Package sqlgen is the queries of internal/signin as Go functions, written by
// sqlc from the files in queries; "make gen" writes it anew. It decides nothing
// and only signin uses it: start there.
package sqlgen
