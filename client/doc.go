// Package client asks a hub: it is the REST API of a hub for Go programs.
//
// Start with [New], which needs the address of the hub, the enterprise and a
// token. Every call of the API is a method of [Client]; lists that the API
// gives in pages are iterators that follow them. A refusal is an [*Error] with
// the sentence the hub gave; its sentences are written for people and say what
// to do next.
//
//	c, err := client.New(client.Config{Hub: "https://oneseat.acme.example", Enterprise: "acme", Token: token})
//	…
//	now, err := c.Statement(ctx)
//	…
//	fmt.Println(now.Statement.Licenses, "licenses")
//
// The package needs the standard library alone, and its types are plain: what
// the API says, and nothing computed from it. It deliberately tries nothing
// again and keeps nothing; a context ends what takes too long, because a large
// upload may take minutes. Redirects are not followed: a token is for the hub
// it was made for.
package client
