-- Of what is sent with some templates the words are not kept once they have been handed over: nothing of them, or a keyed hash alone.
alter table templates add column keeps text not null default 'everything'
  check (keeps in ('everything', 'hash', 'nothing'));
