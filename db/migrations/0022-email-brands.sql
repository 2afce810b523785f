-- What a service's emails show above their words. Emails that are sent keep theirs: the picture goes along in them.
create table email_brands (
  service_id uuid primary key references services,
  -- PNG, as uploaded.
  picture bytea not null,
  -- In pixels, of the picture itself.
  width integer not null check (width > 0),
  height integer not null check (height > 0),
  -- What it shows, for people who do not see it.
  alternative_text text not null,
  -- "#00573f", lower case: the logo stands on it. Null: on white.
  banner_colour text check (banner_colour ~ '^#[0-9a-f]{6}$'),
  created_at timestamptz not null default now()
);
