# The same directories for the Atlas command line: `atlas migrate status --env sqlite --url sqlite://app.db`.
#
# environment         for
# sqlite              the official binary, SQLite
# postgres            the official binary, Postgres
# community_sqlite    the community build, SQLite
# community_postgres  the community build, Postgres
#
# The community build has no external_schema: its environments pass the models' DDL through a file below .atlas/.

variable "url" {
  type    = string
  default = ""
}

# A Postgres database that Atlas may empty, to work out plans on.
variable "dev_url" {
  type    = string
  default = "postgres://postgres@127.0.0.1:5432/atlas_dev?sslmode=disable&search_path=public"
}

data "external_schema" "sqlite" {
  program = ["go", "run", ".", "schema", "ddl", "--dialect", "sqlite"]
}

data "external_schema" "postgres" {
  program = ["go", "run", ".", "schema", "ddl", "--dialect", "postgres"]
}

data "external" "sqlite" {
  program = ["sh", "-c", "mkdir -p .atlas && go run . schema ddl --dialect sqlite > .atlas/sqlite.sql && printf file://.atlas/sqlite.sql"]
}

data "external" "postgres" {
  program = ["sh", "-c", "mkdir -p .atlas && go run . schema ddl --dialect postgres > .atlas/postgres.sql && printf file://.atlas/postgres.sql"]
}

env "sqlite" {
  src = data.external_schema.sqlite.url
  dev = "sqlite://dev?mode=memory"
  url = var.url
  migration {
    dir = "file://migrations/sqlite"
  }
}

env "postgres" {
  src = data.external_schema.postgres.url
  dev = var.dev_url
  url = var.url
  migration {
    dir = "file://migrations/postgres"
  }
}

env "community_sqlite" {
  src = data.external.sqlite
  dev = "sqlite://dev?mode=memory"
  url = var.url
  migration {
    dir = "file://migrations/sqlite"
  }
}

env "community_postgres" {
  src = data.external.postgres
  dev = var.dev_url
  url = var.url
  migration {
    dir = "file://migrations/postgres"
  }
}
