package entry

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// quiet is how many fields of white are around a QR code, which readers need.
const quiet = 4

// qrImage is a QR code to be drawn: dark fields as a path in a square.
type qrImage struct {
	Path string
	Size int
}

// newQRImage is the code of a text.
func newQRImage(text string) (qrImage, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return qrImage{}, fmt.Errorf("draw a QR code: %w", err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return qrImage{path.String(), code.Size + 2*quiet}, nil
}

// Box is the square for an SVG.
func (q qrImage) Box() string { return fmt.Sprintf("0 0 %d %d", q.Size, q.Size) }
