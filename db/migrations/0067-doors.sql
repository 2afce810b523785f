-- What processes that keep a door for customers' systems say of it, every few seconds.
create table door_news (
  process_id uuid not null,
  door text not null check (door in ('smpp', 'smtp')),
  -- Systems that are bound; none for a door where nobody stays.
  binds integer not null,
  -- Of the certificate it shows; none where it speaks no TLS.
  certificate_ends_at timestamptz,
  seen_at timestamptz not null,
  primary key (process_id, door)
);
