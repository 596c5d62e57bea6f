package demo

import (
	"bytes"
	"context"
	"io"
	"time"

	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// GitHubAnswer is what GitHub's REST call consumed-licenses answered at a time,
// all pages as one: the main instance alone had ever synced, so nobody of the
// acquired one is in it.
func (f *Files) GitHubAnswer(ctx context.Context, at time.Time) ([]byte, error) {
	side, result, err := f.count(ctx, at, Main)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w := report.NewJSONWriter(&out, report.Totals{Consumed: result.Statement().Licenses, Purchased: Purchased})
	rows := report.NewBuilder(side, licensing.Documented(side.Enterprise, at))
	for p := range result.All() {
		if !p.Consumes {
			continue
		}
		row := rows.User(&p)
		if err := w.Write(&row); err != nil {
			return nil, err
		}
	}
	err = w.Close()
	return out.Bytes(), err
}

// count counts the enterprise with some of its instances.
func (f *Files) count(ctx context.Context, at time.Time, hosts ...string) (*licensing.CloudSide, *licensing.Result, error) {
	cloud, err := source.ReadCloud(ctx, []source.File{file("cloud.json", f.CloudList)}, source.CloudOptions{})
	if err != nil {
		return nil, nil, err
	}
	ix, err := licensing.NewIndex(cloud.Side, licensing.Documented(cloud.Side.Enterprise, at))
	if err != nil {
		return nil, nil, err
	}
	c := licensing.NewCount(ix)
	for _, host := range hosts {
		in, err := c.AddInstance(host)
		if err != nil {
			return nil, nil, err
		}
		server, err := source.OpenServer(file(host+".csv", f.Reports[host]), source.ServerOptions{})
		if err != nil {
			return nil, nil, err
		}
		for accounts, err := range server.Shards(new(source.ServerSummary)) {
			if err != nil {
				return nil, nil, err
			}
			c.Add(in, ix.PlaceShard(host, accounts))
		}
	}
	result, err := c.Result()
	return cloud.Side, result, err
}

func file(name string, content []byte) source.File {
	return source.File{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }}
}
