//! Connections: how they are taken, what their requests are told about them, and how long they may keep silent.

use std::{sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo, serve::Listener};
use http::Request;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use tokio::{net::TcpListener, sync::Notify, time::sleep};
use tower::ServiceExt;
use vestibule_api::Stop;

/// How long the other side of a connection may keep silent. What a request may take once its head is there is bounded
/// where it is answered.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// From the start of a connection until the head of its first request has come.
    pub first: Duration,
    /// Over HTTP/1.1, from one answer until the next head has come. Proxies keep connections in reserve for up to two
    /// minutes and must not send over one that is just being closed.
    pub next: Duration,
    /// Over HTTP/2, until the other side is asked whether it is still there, and then until it has answered.
    pub ping: Duration,
    pub pong: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let [first, next, ping, answer] = [10, 180, 60, 20].map(Duration::from_secs);
        Self { first, next, ping, pong: answer }
    }
}

/// Serves HTTP/1.1 and HTTP/2 until `stop` is asked, then takes no connection any more and finishes the requests that are
/// under way.
pub async fn serve(mut listener: TcpListener, router: Router, patience: Patience, stop: Stop) {
    let asked = stop.clone().asked();
    tokio::pin!(asked);
    let builder = Arc::new(builder(patience));
    let connections = GracefulShutdown::new();
    loop {
        let (stream, peer) = tokio::select! {
            // By axum's trait, which bears with peers that are gone already and with too many open files.
            taken = Listener::accept(&mut listener) => taken,
            () = &mut asked => break,
        };
        // Small answers go out at once; without this a kept-alive connection may wait for the other side's acknowledgement.
        let _ = stream.set_nodelay(true);
        let (builder, router, stop, watcher) = (builder.clone(), router.clone(), stop.clone(), connections.watcher());
        tokio::spawn(async move {
            let first = Notify::new();
            let answer = service_fn(|request: Request<Incoming>| {
                first.notify_one();
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(ConnectInfo(peer));
                request.extensions_mut().insert(stop.clone());
                router.clone().oneshot(request)
            });
            let connection = watcher.watch(builder.serve_connection_with_upgrades(TokioIo::new(stream), answer));
            tokio::pin!(connection);
            // hyper bounds a head only once it knows the version, which a silent peer does not tell.
            tokio::select! {
                _ = &mut connection => return,
                () = first.notified() => {}
                () = sleep(patience.first) => return,
            }
            if let Err(error) = connection.await {
                tracing::debug!(error, "a connection broke off");
            }
        });
    }
    drop(listener);
    connections.shutdown().await;
}

fn builder(patience: Patience) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(patience.next);
    builder
        .http2()
        .timer(TokioTimer::new())
        .enable_connect_protocol()
        .keep_alive_interval(patience.ping)
        .keep_alive_timeout(patience.pong);
    builder
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, net::SocketAddr};

    use axum::{
        response::sse::{Event, Sse},
        routing::get,
    };
    use futures::{StreamExt, stream};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
        sync::watch,
        task::JoinHandle,
        time::timeout,
    };

    use super::*;

    /// Long enough for anything that ends at all.
    const SURELY: Duration = Duration::from_secs(10);

    struct Served {
        address: SocketAddr,
        stop: watch::Sender<bool>,
        ended: JoinHandle<()>,
    }

    /// Who asks, and an answer that lasts as long as the process.
    async fn served(patience: Patience) -> Served {
        let router = Router::new()
            .route("/peer", get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string()))
            .route(
                "/events",
                get(async |stop: Stop| {
                    let first = stream::iter([Ok::<_, Infallible>(Event::default().data("first"))]);
                    Sse::new(first.chain(stream::pending()).take_until(stop.asked()))
                }),
            );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, asked) = Stop::channel();
        Served { address, stop, ended: tokio::spawn(serve(listener, router, patience, asked)) }
    }

    /// What the server says until it closes the connection.
    async fn rest(stream: &mut TcpStream) -> String {
        let mut said = Vec::new();
        // A connection that is closed over what was not read of it ends with an error.
        let _ = timeout(SURELY, stream.read_to_end(&mut said)).await.expect("the connection is closed");
        String::from_utf8_lossy(&said).into_owned()
    }

    #[tokio::test]
    async fn who_does_not_finish_a_head_is_hung_up_on() {
        let [first, next, long] = [100, 100, 60_000].map(Duration::from_millis);
        for (patience, said) in [
            (Patience { first, next: long, ping: long, pong: long }, ""),
            (Patience { first, next: long, ping: long, pong: long }, "GET / HT"),
            (Patience { first, next: long, ping: long, pong: long }, "PRI * HT"),
            (Patience { first, next: long, ping: long, pong: long }, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
            (Patience { first: long, next, ping: long, pong: long }, "GET /peer HTTP/1.1\r\nhost: a\r\n\r\nGET / HT"),
        ] {
            let served = served(patience).await;
            let mut stream = TcpStream::connect(served.address).await.unwrap();
            stream.write_all(said.as_bytes()).await.unwrap();
            let heard = rest(&mut stream).await;
            assert_eq!(heard.contains("200 OK"), said.contains("/peer"), "{said:?}: {heard:?}");
        }
    }

    #[tokio::test]
    async fn a_peer_over_http2_that_is_gone_is_found_out() {
        let [long, short] = [60_000, 100].map(Duration::from_millis);
        let served = served(Patience { first: long, next: long, ping: short, pong: short }).await;
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        // The preface and empty settings; no ping is ever answered.
        stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
        let _ = timeout(SURELY, stream.read_to_end(&mut Vec::new())).await.expect("the connection is closed");
    }

    #[tokio::test]
    async fn a_request_knows_its_peer() {
        let served = served(Patience::default()).await;
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        let peer = stream.local_addr().unwrap();
        stream.write_all(b"GET /peer HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
        assert!(rest(&mut stream).await.ends_with(&peer.to_string()));
    }

    #[tokio::test]
    async fn an_answer_without_an_end_ends_when_the_process_is_to_end() {
        let served = served(Patience::default()).await;
        let mut idle = TcpStream::connect(served.address).await.unwrap();
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        stream.write_all(b"GET /events HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        let mut said = Vec::new();
        while !String::from_utf8_lossy(&said).contains("first") {
            timeout(SURELY, stream.read_buf(&mut said)).await.expect("the first event").unwrap();
        }
        assert!(!served.ended.is_finished());
        served.stop.send(true).unwrap();
        timeout(SURELY, served.ended).await.expect("the server ends").unwrap();
        assert!(rest(&mut stream).await.ends_with("0\r\n\r\n"), "in good order");
        rest(&mut idle).await;
        assert!(TcpStream::connect(served.address).await.is_err(), "nobody listens any more");
    }
}
