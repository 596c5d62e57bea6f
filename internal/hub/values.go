package hub

import "github.com/oneseat/oneseat/internal/hub/store"

// What surfaces see of the store: values, no queries.
type (
	// Settings are what owners decide about an enterprise.
	Settings = store.Settings
	// EnterpriseInfo describes an enterprise.
	EnterpriseInfo = store.EnterpriseInfo
	// Source is the cloud side or a server instance.
	Source = store.Source
	// Snapshot is what a source said at one time.
	Snapshot = store.Snapshot
	// Upload is the arrival of a file, or an undo.
	Upload = store.Upload
	// UploadState says how far an upload came.
	UploadState = store.UploadState
	// UploadKind is how what was uploaded came.
	UploadKind = store.UploadKind
	// Refusal is why an upload was refused.
	Refusal = store.Refusal
	// GitHubFigure is a number of licenses that GitHub showed, typed in.
	GitHubFigure = store.GitHubFigure
	// CloudCounts is how many of each kind a cloud side has.
	CloudCounts = store.CloudCounts
	// ReportMeta is what GitHub's report says beside its rows.
	ReportMeta = store.ReportMeta
	// Connection is the pairing of an agent with an enterprise.
	Connection = store.Connection
	// Pairing is an agent that asks for a connection.
	Pairing = store.Pairing
	// SyncRequest is somebody's wish that an agent syncs now.
	SyncRequest = store.SyncRequest
	// List is an order of people that can be paged by number.
	List = store.List
)

// The lists of a result, and the most people of a page.
const (
	AllPeople = store.AllPeople
	Consumed  = store.Consumed
	MaxPage   = store.MaxPage
)

// CloudSource is the number of every enterprise's cloud side.
const CloudSource = store.CloudSource
