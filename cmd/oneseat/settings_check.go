package main

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
)

// check looks at the settings alone.
func (o *storage) check(v *settings) error {
	if o.WithoutKeys && v.from("keys") > byDefault {
		return usage("settings.keys_and_none", "Keys", v.place("keys"), "None", v.place("without-keys"))
	}
	return nil
}

// check looks at the settings alone, and names all that is wrong.
func (o *serving) check(v *settings) error {
	return errors.Join(
		checkListen(v.place("listen"), o.Listen),
		checkURL(v.place("external-url"), o.ExternalURL),
		o.checkTLS(v),
		o.checkProxies(v),
		oneOf(v.place("log-level"), o.LogLevel, "debug", "info", "warn", "error"),
		oneOf(v.place("log-format"), o.LogFormat, "json", "text"),
	)
}

// check looks at the settings alone.
func (o *asking) check(v *settings) error { return checkURL(v.place("hub"), o.Hub) }

func checkListen(place, value string) error {
	host, port, err := net.SplitHostPort(value)
	number, bad := strconv.ParseUint(port, 10, 16)
	_, noAddress := netip.ParseAddr(host)
	if err != nil || bad != nil || number > 65535 || host != "" && host != "localhost" && noAddress != nil {
		return usage("settings.bad_listen", "Option", place, "Value", value)
	}
	return nil
}

// checkURL refuses what is no address of a hub: http or https, a host, and
// perhaps a path, which a proxy takes away.
func checkURL(place, value string) error {
	if value == "" {
		return nil
	}
	address, err := url.Parse(value)
	if err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Host == "" ||
		address.RawQuery != "" || address.Fragment != "" || address.User != nil {
		return usage("settings.bad_url", "Option", place, "Value", value)
	}
	return nil
}

func (o *serving) checkTLS(v *settings) error {
	switch {
	case o.TLSCert != "" && o.TLSKey == "":
		return usage("settings.half_tls", "Option", v.place("tls-cert"), "Missing", "tls-key")
	case o.TLSCert == "" && o.TLSKey != "":
		return usage("settings.half_tls", "Option", v.place("tls-key"), "Missing", "tls-cert")
	}
	return nil
}

func (o *serving) checkProxies(v *settings) error {
	_, err := o.proxies(v)
	return err
}

// proxies are the addresses whose word about the sender is believed.
func (o *serving) proxies(v *settings) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, text := range o.TrustedProxy {
		prefix, err := netip.ParsePrefix(text)
		if address, alone := netip.ParseAddr(text); alone == nil {
			prefix, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil {
			return nil, usage("settings.bad_proxy", "Option", v.place("trusted-proxy"), "Value", text)
		}
		all = append(all, prefix)
	}
	return all, nil
}
