package ui

import "github.com/oneseat/oneseat/internal/web"

func (u *UI) storybookRoutes() []web.Route { return nil }
