package hub

import "github.com/oneseat/oneseat/internal/hub/store"

// The states of an upload and of an instance, and the kind that is no
// instance's, for surfaces, which do not know the store.
const (
	UploadHeld       = store.Waiting
	UploadInPreview  = store.Preview
	UploadApplied    = store.Applied
	UploadRefused    = store.Refused
	UploadDiscarded  = store.Discarded
	UploadSuperseded = store.Superseded
	UploadOfCloud    = store.UploadCloud
	UploadRemoval    = store.UploadRemoval
	UploadUndo       = store.UploadUndo
	UploadByHand     = store.UploadCSV
	UploadSigned     = store.UploadUsage
	InstanceHeld     = store.Held
	InstanceActive   = store.Active
	RequestOpen      = store.RequestOpen
	RequestArrived   = store.RequestArrived
	RequestFailed    = store.RequestFailed
	RequestLapsed    = store.RequestLapsed
)
