package api

import (
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// describeCSV says what the download takes and gives.
func describeCSV(op *huma.Operation) {
	op.Parameters = append(op.Parameters,
		&huma.Param{
			Name: "generation", In: "query", Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"A", "C"}},
			Description: "Generation of the columns: A, with the headers of GitHub's API, or C, those of its current download.",
		},
		&huma.Param{
			Name: "bom", In: "query", Schema: &huma.Schema{Type: huma.TypeBoolean},
			Description: "Begin with a byte order mark, which some spreadsheets need.",
		},
	)
	op.Responses[strconv.Itoa(http.StatusOK)] = &huma.Response{
		Description: "One row per consumed license.",
		Content:     map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}
}
