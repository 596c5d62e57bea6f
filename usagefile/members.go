package usagefile

import (
	"slices"

	"github.com/oneseat/oneseat/licensing"
)

// member is a key of a header object, in the order of the format.
type member struct {
	name     string
	optional bool
	// last: the object goes on in the caller's hands once the key was read.
	last bool
	read func(key string) error
}

// object reads an object of exactly these members in this order.
func (t *tokens) object(key string, members ...member) error {
	if err := t.delim('{', key); err != nil {
		return err
	}
	return t.members(key, members...)
}

// members reads what is left of an object.
func (t *tokens) members(object string, members ...member) error {
	name, have, err := t.name()
	if err != nil {
		return err
	}
	for _, m := range members {
		if !have || name != m.name {
			if m.optional {
				continue
			}
			return t.unexpected(object, name, have, m.name, members)
		}
		if m.last {
			return nil
		}
		if err := m.read(join(object, name)); err != nil {
			return err
		}
		if name, have, err = t.name(); err != nil {
			return err
		}
	}
	if have {
		return t.unexpected(object, name, have, "", members)
	}
	return nil
}

// unexpected says what is wrong with finding name where want was due.
func (t *tokens) unexpected(object, name string, have bool, want string, members []member) error {
	known := slices.ContainsFunc(members, func(m member) bool { return m.name == name })
	switch {
	case !have:
		return t.place(fault(CodeMissingKey, "Key", join(object, want)))
	case !known:
		return t.place(fault(CodeUnknownKey, "Key", licensing.MaskText(join(object, name))))
	default:
		return t.place(fault(CodeKeyOrder, "Key", join(object, name), "Want", want))
	}
}

// array reads an array whose elements each reads.
func (t *tokens) array(key string, each func() error) error {
	if err := t.delim('[', key); err != nil {
		return err
	}
	for {
		switch t.peek() {
		case ']':
			return t.delim(']', key)
		case 0:
			return t.wrongKind(key, "]")
		default:
			if err := each(); err != nil {
				return err
			}
		}
	}
}

func join(object, key string) string {
	if object == "" {
		return key
	}
	return object + "." + key
}
