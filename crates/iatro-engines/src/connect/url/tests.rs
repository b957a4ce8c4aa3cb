//! Addresses that are read, and those that are refused.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

fn refused(text: &str) -> String {
    ConnectUrl::parse(text).unwrap_err().to_string()
}

#[test]
fn an_address_is_read() {
    let url = ConnectUrl::parse("sc://host").unwrap();
    assert_eq!((url.place().as_str(), url.tls, url.token.as_deref()), ("host:15002", false, None));
    let url = ConnectUrl::parse(
        "sc://adb-1.azuredatabricks.net:443/;token=dapi%3Bx;x-databricks-cluster-id=0123-45;user_id=me",
    )
    .unwrap();
    assert_eq!(url.place(), "adb-1.azuredatabricks.net:443");
    assert!(url.tls, "a token asks for TLS");
    assert_eq!(url.token.as_deref(), Some("dapi;x"));
    assert_eq!(url.user_id.as_deref(), Some("me"));
    assert_eq!(url.headers, [("x-databricks-cluster-id".to_owned(), "0123-45".to_owned())]);
    assert_eq!(ConnectUrl::parse("sc://[::1]:7/").unwrap().place(), "[::1]:7");
    assert_eq!(ConnectUrl::parse("sc://[::1]").unwrap().place(), "[::1]:15002");
    assert!(ConnectUrl::parse("sc://h/;use_ssl=true").unwrap().tls);
}

#[test]
fn what_is_not_understood_is_refused() {
    for (text, word) in [
        ("http://host", "sc://"),
        ("", "sc://"),
        ("sc://", "no host"),
        ("sc://:15002", "no host"),
        ("sc://user@host", "no host"),
        ("sc://[::1", "no host"),
        ("sc://[zz]:1", "no host"),
        ("sc://host:0", "no port"),
        ("sc://host:", "no port"),
        ("sc://host:65536", "no port"),
        ("sc://host:80:90", "no host"),
        ("sc://host;use_ssl=true", "slash"),
        ("sc://host/path", "no path"),
        ("sc://host/path/;use_ssl=true", "no path"),
        ("sc://host/;use_ssl", "no value"),
        ("sc://host/;use_ssl=yes", "true or false"),
        ("sc://host/;use_ssl=true;use_ssl=true", "twice"),
        ("sc://host/;x-a=1;X-A=2", "twice"),
        ("sc://host/;usessl=true", "not known"),
        ("sc://host/;x-data-bin=1", "not known"),
        ("sc://host/;token=", "at least one"),
        ("sc://host/;token=%", "hexadecimal"),
        ("sc://host/;token=%zz", "hexadecimal"),
        ("sc://host/;token=a%0ab", "printable"),
        ("sc://host/;user_id=%ff", "UTF-8"),
    ] {
        assert!(refused(text).contains(word), "{text}: {}", refused(text));
    }
}

#[test]
fn a_token_travels_in_the_open_on_this_machine_only() {
    assert!(refused("sc://host/;token=secret;use_ssl=false").contains("host"));
    for host in ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"] {
        let url = ConnectUrl::parse(&format!("sc://{host}/;token=t;use_ssl=false")).unwrap();
        assert!(!url.tls && url.token.is_some());
    }
    assert!(refused("sc://127.0.0.1.example.org/;use_ssl=false;token=t").contains("token"));
}

#[test]
fn a_token_is_never_printed() {
    let url = ConnectUrl::parse("sc://h/;token=sesame;x-key=sesame").unwrap();
    assert!(!format!("{url:?}").contains("sesame"));
    assert!(!refused("sc://h/;token=sesame;token=sesame").contains("sesame"));
    assert!(!refused("sc://h/;use_ssl=sesame").contains("sesame"));
    assert!(!refused("sc://h/;token=open;sesame").contains("sesame"));
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "(sc://)?[ -~é;=%/:\\[\\]]{0,60}") {
        if let Ok(url) = ConnectUrl::parse(&text) {
            prop_assert!(url.tls || url.token.is_none() || url.is_loopback());
        }
    }
}
