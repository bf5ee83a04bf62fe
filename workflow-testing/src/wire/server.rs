//! Where a wire leads.

use sqlx::postgres::PgConnectOptions;
use std::io;
use std::path::PathBuf;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

/// How a server is reached.
#[derive(Debug)]
pub(super) enum Server {
    Unix(PathBuf),
    Tcp(String, u16),
}

pub(super) type Reader = Box<dyn AsyncRead + Send + Unpin>;
pub(super) type Writer = Box<dyn AsyncWrite + Send + Unpin>;

impl Server {
    pub(super) fn of(url: &str) -> io::Result<Server> {
        let options: PgConnectOptions = url.parse().map_err(io::Error::other)?;
        let host = options.get_host();
        Ok(match options.get_socket() {
            Some(folder) => Server::Unix(folder.join(format!(".s.PGSQL.{}", options.get_port()))),
            None if host.starts_with('/') => Server::Unix(PathBuf::from(format!("{host}/.s.PGSQL.{}", options.get_port()))),
            None => Server::Tcp(host.to_owned(), options.get_port()),
        })
    }

    pub(super) async fn connect(&self) -> io::Result<(Reader, Writer)> {
        match self {
            Server::Unix(socket) => {
                let (reader, writer) = UnixStream::connect(socket).await?.into_split();
                Ok((Box::new(reader), Box::new(writer)))
            }
            Server::Tcp(host, port) => {
                let stream = TcpStream::connect((host.as_str(), *port)).await?;
                stream.set_nodelay(true)?;
                let (reader, writer) = stream.into_split();
                Ok((Box::new(reader), Box::new(writer)))
            }
        }
    }
}
