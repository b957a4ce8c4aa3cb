//! Certificates and tokens, and servers that speak something else.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use iatro_signals::count::sql::{SessionError, SessionErrorKind};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tonic::transport::Identity;

use super::fake::Fake;
use super::proxy::Proxy;
use super::script::Script;
use super::{ALL, numbers, options, three};
use crate::connect::{ConnectUrl, Options, Session};

/// A server of its own certificate, and that certificate.
fn server() -> (Fake, Vec<u8>) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let identity = Identity::from_pem(cert.pem(), signing_key.serialize_pem());
    (Fake::start_tls(Script::new(&three(), &[]), identity), cert.pem().into_bytes())
}

fn connect(place: &str, trusted: Option<Vec<u8>>) -> Result<Session, SessionError> {
    let url = ConnectUrl::parse(place).unwrap();
    Session::connect(&url, Options { certificates: trusted, ..options() })
}

#[test]
fn a_token_and_headers_arrive_over_tls() {
    let (server, certificate) = server();
    let place = format!("sc://localhost:{}/;token=sesame;x-cluster=7", server.port());
    let session = connect(&place, Some(certificate)).unwrap();
    assert_eq!(numbers(&session.sql("SELECT n FROM t").unwrap()), ALL);
}

#[test]
fn a_certificate_that_is_not_trusted_is_refused() {
    let (server, _) = server();
    let place = format!("sc://localhost:{}/;token=sesame;x-cluster=7", server.port());
    let error = connect(&place, None).err().unwrap();
    assert_eq!(error.kind, SessionErrorKind::Refused, "{error}");
    assert!(!error.to_string().contains("sesame"), "{error}");
}

#[test]
fn a_certificate_of_another_host_is_refused() {
    let (server, certificate) = server();
    let place = format!("sc://127.0.0.1:{}/;token=sesame;x-cluster=7", server.port());
    let error = connect(&place, Some(certificate)).err().unwrap();
    assert_eq!(error.kind, SessionErrorKind::Refused, "{error}");
}

#[test]
fn a_wrong_token_is_refused() {
    let (server, certificate) = server();
    let place = format!("sc://localhost:{}/;token=shazam;x-cluster=7", server.port());
    let error = connect(&place, Some(certificate)).err().unwrap();
    assert_eq!(error.kind, SessionErrorKind::Refused, "{error}");
    assert!(error.said.contains("no token that is known") && error.help.contains("token"));
}

#[test]
fn a_server_that_accepts_and_never_answers_the_handshake_is_an_error() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let url = ConnectUrl::parse(&format!("sc://127.0.0.1:{port}/;token=sesame")).unwrap();
    let quick = Options { connect: Duration::from_millis(500), ..options() };
    let began = Instant::now();
    let error = Session::connect(&url, quick).err().unwrap();
    assert_eq!(error.kind, SessionErrorKind::Lost, "{error}");
    assert!(error.to_string().contains("handshake"), "{error}");
    assert!(began.elapsed() < Duration::from_secs(15));
}

#[test]
fn a_server_that_stands_still_between_two_queries_is_an_error() {
    let (server, certificate) = server();
    let proxy = Proxy::start(server.port());
    let place = format!("sc://localhost:{}/;token=sesame;x-cluster=7", proxy.port());
    let quick = Options {
        connect: Duration::from_secs(3),
        keep_alive: Duration::from_millis(500),
        keep_alive_timeout: Duration::from_millis(500),
        certificates: Some(certificate),
        ..options()
    };
    let session = Session::connect(&ConnectUrl::parse(&place).unwrap(), quick).unwrap();
    proxy.frozen().store(true, Ordering::Relaxed);
    // Until keep-alive has given the connection up: the query begins with another one.
    std::thread::sleep(Duration::from_secs(3));
    let began = Instant::now();
    let error = session.sql("SELECT n FROM t").unwrap_err();
    assert_eq!(error.kind, SessionErrorKind::Lost, "{error}");
    assert!(error.to_string().contains("handshake"), "{error}");
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
}

#[test]
fn one_side_alone_speaking_tls_is_an_error() {
    let (server, _) = server();
    let error = connect(&format!("sc://localhost:{}", server.port()), None).err().unwrap();
    assert_eq!(error.kind, SessionErrorKind::Lost, "{error}");
    let plain = Fake::start(Script::new(&three(), &[]));
    let place = format!("sc://localhost:{}/;use_ssl=true", plain.port());
    connect(&place, None).err().unwrap();
}

#[test]
fn a_server_that_speaks_something_else_is_told_from_a_lost_one() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let answering = std::thread::spawn(move || {
        for stream in listener.incoming().take(2) {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 64]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            // Until the client has read that and gone: an early end would be a lost connection.
            while stream.read(&mut [0; 64]).is_ok_and(|bytes| bytes > 0) {}
        }
    });
    for (more, word) in [("", "gRPC"), ("/;token=sesame", "speak TLS")] {
        let error = connect(&format!("sc://127.0.0.1:{port}{more}"), None).err().unwrap();
        assert_eq!(error.kind, SessionErrorKind::Lost, "{error}");
        assert!(error.help.contains(word), "{error}");
    }
    answering.join().unwrap();
}
