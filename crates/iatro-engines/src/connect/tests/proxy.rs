//! A TCP proxy on loopback that cuts connections at a byte, or freezes.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// No limit on what still goes through.
const UNLIMITED: usize = usize::MAX;

#[derive(Clone)]
struct State {
    /// Bytes towards the client that still go through before its connection is cut.
    left: Arc<AtomicUsize>,
    /// The same for the connections that follow.
    next: Arc<Mutex<VecDeque<usize>>>,
    frozen: Arc<AtomicBool>,
    ended: Arc<AtomicBool>,
}

/// The proxy; it ends when dropped.
pub(super) struct Proxy {
    port: u16,
    state: State,
}

impl Proxy {
    pub(super) fn start(towards: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = State {
            left: Arc::new(AtomicUsize::new(UNLIMITED)),
            next: Arc::default(),
            frozen: Arc::default(),
            ended: Arc::default(),
        };
        let accepting = state.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if accepting.ended.load(Ordering::Relaxed) {
                    return;
                }
                let server = TcpStream::connect(("127.0.0.1", towards)).unwrap();
                join(client, server, &accepting);
            }
        });
        Self { port, state }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Cuts the connection after so many more bytes, the next one after so many, and so on.
    pub(super) fn cut_after(&self, bytes: &[usize]) {
        let mut bytes: VecDeque<usize> = bytes.iter().copied().collect();
        let first = bytes.pop_front().unwrap();
        *self.state.next.lock().unwrap() = bytes;
        self.state.left.store(first, Ordering::Relaxed);
    }

    /// While this is true nothing goes through, and connections stay open.
    pub(super) fn frozen(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.state.frozen)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn join(client: TcpStream, server: TcpStream, state: &State) {
    let up = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let (frozen, ended) = (Arc::clone(&state.frozen), Arc::clone(&state.ended));
    std::thread::spawn(move || carry(up.0, up.1, &frozen, &ended, &|_| UNLIMITED));
    let state = state.clone();
    std::thread::spawn(move || {
        let allowed = |wanted: usize| allowed(&state, wanted);
        carry(server, client, &state.frozen, &state.ended, &allowed);
    });
}

/// How many of the wanted bytes may go through; once they are fewer, the next connection has its own limit.
fn allowed(state: &State, wanted: usize) -> usize {
    let left = state.left.load(Ordering::Relaxed);
    if left == UNLIMITED {
        return wanted;
    }
    if left >= wanted {
        state.left.store(left - wanted, Ordering::Relaxed);
        return wanted;
    }
    let next = state.next.lock().unwrap().pop_front();
    state.left.store(next.unwrap_or(UNLIMITED), Ordering::Relaxed);
    left
}

fn carry(
    mut from: TcpStream,
    mut to: TcpStream,
    frozen: &AtomicBool,
    ended: &AtomicBool,
    allowed: &dyn Fn(usize) -> usize,
) {
    let mut buffer = [0; 512];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        while frozen.load(Ordering::Relaxed) && !ended.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(5));
        }
        let through = allowed(read).min(read);
        if to.write_all(&buffer[..through]).is_err() || through < read {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
