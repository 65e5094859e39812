//! The network address that a request came from, through proxies that are trusted and no others.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use app::web::ClientIp;
use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};
use http::HeaderMap;
use ipnet::IpNet;

/// The proxies whose word is taken.
#[derive(Clone, Debug)]
pub struct Proxies(Arc<[IpNet]>);

impl Proxies {
    pub fn new(trusted: Vec<IpNet>) -> Self {
        Self(trusted.into())
    }

    /// The right-most address in `X-Forwarded-For` that is not a trusted proxy's, if the peer is one; else the peer.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let trusted = |address: &IpAddr| self.0.iter().any(|net| net.contains(address));
        let mut client = peer.to_canonical();
        if !trusted(&client) {
            return client;
        }
        let lines: Vec<&str> =
            headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
        for hop in lines.iter().flat_map(|line| line.split(',')).rev() {
            let Some(address) = address(hop.trim()) else { break };
            client = address.to_canonical();
            if !trusted(&client) {
                break;
            }
        }
        client
    }
}

/// An address as proxies write it: alone, or with a port behind it; IPv6 with and without brackets.
fn address(hop: &str) -> Option<IpAddr> {
    let alone = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    alone.parse().or_else(|_| hop.parse().map(|with_port: SocketAddr| with_port.ip())).ok()
}

/// Puts the client's address into the request. An IPv6 client counts by its /64, of which one host may have all.
pub async fn find(State(proxies): State<Proxies>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if let Some(peer) = peer {
        let address = match proxies.client(peer, request.headers()) {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                IpNet::new(address.into(), 64).map_or_else(|_| address.to_string(), |net| net.trunc().to_string())
            }
        };
        request.extensions_mut().insert(vestibule_api::ClientIp(Some(address.clone())));
        request.extensions_mut().insert(ClientIp(address));
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &[&str], peer: &str, forwarded: &[&'static str]) -> String {
        let proxies = Proxies::new(trusted.iter().map(|net| net.parse().unwrap()).collect());
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", http::HeaderValue::from_static(line));
        }
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(client(&[], "203.0.113.9", &["10.0.0.1"]), "203.0.113.9");
        assert_eq!(client(&["10.0.0.0/8"], "10.0.0.2", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(client(&["10.0.0.0/8"], "10.0.0.2", &["1.2.3.4, 203.0.113.9, 10.0.0.3"]), "203.0.113.9");
        assert_eq!(client(&["10.0.0.0/8"], "10.0.0.2", &["1.2.3.4", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(client(&["10.0.0.0/8"], "10.0.0.2", &["nonsense"]), "10.0.0.2");
        assert_eq!(client(&["10.0.0.0/8"], "::ffff:10.0.0.2", &["203.0.113.9"]), "203.0.113.9");
    }

    #[test]
    fn a_proxy_may_add_ports_and_brackets() {
        for (written, read) in [
            ("203.0.113.9:5678", "203.0.113.9"),
            ("1.2.3.4, 203.0.113.9:5678, 10.0.0.3:443", "203.0.113.9"),
            ("2001:db8::9", "2001:db8::9"),
            ("[2001:db8::9]", "2001:db8::9"),
            ("[2001:db8::9]:5678", "2001:db8::9"),
            ("[::ffff:203.0.113.9]:5678", "203.0.113.9"),
            ("203.0.113.9:", "10.0.0.2"),
            ("unknown", "10.0.0.2"),
        ] {
            assert_eq!(client(&["10.0.0.0/8"], "10.0.0.2", &[written]), read, "{written}");
        }
    }
}
