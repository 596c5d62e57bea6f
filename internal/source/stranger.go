package source

import "github.com/oneseat/oneseat/internal/errs"

// stranger is the refusal of what is no list of people at all, wherever it is
// given; nil for the rest.
func (in *opened) stranger() error {
	file := in.file.Name
	switch in.head.kind {
	case nothing:
		return errs.New(errs.Invalid, "source.empty", "File", file)
	case note:
		return errs.New(errs.Invalid, "source.note", "File", file, "Text", in.head.text)
	case binaryFile:
		return errs.New(errs.Invalid, "source.binary", "File", file)
	case gzipped:
		return errs.New(errs.Invalid, "source.gzip", "File", file)
	case zipped:
		return errs.New(errs.Invalid, "source.zip", "File", file)
	case sealed:
		return errs.New(errs.Invalid, "source.sealed", "File", file)
	case webPage:
		return errs.New(errs.Invalid, "source.web_page", "File", file)
	case gitHubExport:
		return errs.New(errs.Invalid, "source.github_export", "File", file)
	case gitHubMessage:
		return errs.New(errs.Invalid, "source.github_message", "File", file, "Text", in.head.text)
	case enrolmentFile:
		return errs.New(errs.Invalid, "source.enrolment", "File", file)
	case membershipCSV:
		return errs.New(errs.Invalid, "source.membership", "File", file)
	case unknownCSV, unknownJSON, usageFile, cloudList, reportJSON, reportCSV, serverCSV:
	}
	return nil
}

// LookForUsage refuses what is visibly no usage file, with what it is; the
// rest is for the reader of usage files to judge.
func LookForUsage(f File) error {
	in, err := openAndLook(f)
	if err != nil {
		return err
	}
	return closing(in.closer, in.notUsage())
}

// notUsage is the refusal of what is visibly no usage file.
func (in *opened) notUsage() error {
	if err := in.stranger(); err != nil {
		return err
	}
	var key string
	switch in.head.kind {
	case cloudList:
		key = "source.list_not_usage"
	case reportJSON, reportCSV:
		key = "source.report_not_usage"
	case serverCSV:
		key = "source.server_not_usage"
	case unknownCSV:
		key = "source.not_usage_file"
	default:
		return nil
	}
	return errs.New(errs.Invalid, key, "File", in.file.Name)
}

// notServer is the refusal of what is not a server instance's accounts.
func (in *opened) notServer() error {
	if err := in.stranger(); err != nil {
		return err
	}
	switch in.head.kind {
	case cloudList:
		return errs.New(errs.Invalid, "source.list_as_server", "File", in.file.Name)
	case reportJSON, reportCSV:
		return errs.New(errs.Invalid, "source.report_as_server", "File", in.file.Name)
	case unknownJSON:
		return errs.New(errs.Invalid, "source.json_as_server", "File", in.file.Name)
	default:
		return nil
	}
}

// notCloud is the refusal of what is not a cloud side.
func (in *opened) notCloud() error {
	if err := in.stranger(); err != nil {
		return err
	}
	switch in.head.kind {
	case reportCSV:
		if in.head.header.isOurs() {
			return errs.New(errs.Invalid, "source.own_report", "File", in.file.Name)
		}
		return nil
	case usageFile:
		return errs.New(errs.Invalid, "source.usage_as_cloud", "File", in.file.Name)
	case serverCSV:
		return errs.New(errs.Invalid, "source.server_as_cloud", "File", in.file.Name)
	case unknownJSON:
		return errs.New(errs.Invalid, "source.json_as_cloud", "File", in.file.Name)
	case unknownCSV:
		return errs.New(errs.Invalid, "source.csv_as_cloud", "File", in.file.Name)
	default:
		return nil
	}
}
