package gen

import "strconv"

func (w writer) servers() error {
	for i := range Instances {
		if err := w.server(i); err != nil {
			return err
		}
	}
	return nil
}

// server writes the accounts of instance i. The ids ascend as if people had
// signed up in the shuffled order.
func (w writer) server(i int) error {
	header := []string{"id", "login", "email", "suspended?"}
	return w.file(ServerFile(i), header, func(row func(...string) error) error {
		if err := row("1", "ghost", "", "false"); err != nil {
			return err
		}
		if err := row("2", "scim-admin", "", "false"); err != nil {
			return err
		}
		id := 2
		return shuffled(w.population.people, i, func(p int) error {
			if !w.isOn(p, i) {
				return nil
			}
			id++
			suspended := strconv.FormatBool(draw(100, serverSuspended, p, i) < 3)
			return row(strconv.Itoa(id), w.login(p), w.serverEmail(p, i), suspended)
		})
	})
}

// serverEmail is the primary address of person p on instance i.
func (w writer) serverEmail(p, i int) string {
	address := w.work(p)
	switch way := draw(100, serverAddress, p, i); {
	case way == 0:
		return ""
	case way <= 6:
		address = w.private(p)
	}
	return spelled(address, serverSpelling, p, i)
}
