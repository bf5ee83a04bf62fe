//! A wire that takes time: each thing that is sent arrives later, in its order, and nothing else is changed.

use std::io;
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::mpsc;
use tokio::time::Instant;

const BUFFER: usize = 16 * 1024;

/// Listens before the server of this socket, and delays what clients send, by up to a millisecond more than is said;
/// what comes back is not delayed. Says the port.
pub(crate) async fn slow(socket: PathBuf, delay: Duration) -> io::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let Ok(server) = UnixStream::connect(&socket).await else { continue };
            let _ = client.set_nodelay(true);
            let (from_client, to_client) = client.into_split();
            let (from_server, to_server) = server.into_split();
            tokio::spawn(carry(from_client, to_server, delay));
            tokio::spawn(carry(from_server, to_client, Duration::ZERO));
        }
    });
    Ok(port)
}

/// Reads on while earlier bytes are under way.
async fn carry(from: impl AsyncRead + Unpin + Send + 'static, mut to: impl AsyncWrite + Unpin, delay: Duration) {
    let (send, mut sent) = mpsc::unbounded_channel();
    tokio::spawn(read(from, send, delay));
    while let Some((at, bytes)) = sent.recv().await {
        // Even a sleep that is over takes up to a millisecond.
        if !delay.is_zero() {
            tokio::time::sleep_until(at).await;
        }
        if to.write_all(&bytes).await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}

async fn read(mut from: impl AsyncRead + Unpin, send: mpsc::UnboundedSender<(Instant, Vec<u8>)>, delay: Duration) {
    let mut buffer = vec![0; BUFFER];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if send.send((Instant::now() + delay, buffer[..length].to_vec())).is_err() {
            return;
        }
    }
}
