/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine/station-list.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** Exit statuses of outpostctl (design.md, Command line). */
typedef enum
{
  CLI_DONE = 0,
  CLI_REFUSED = 1,       /* the device or the file refused or was wrong */
  CLI_USAGE = 2,
  CLI_NO_CONNECTION = 3, /* could not connect, or time-out */
  CLI_SECURITY = 4,
} CliStatus;

typedef struct
{
  const char *name;
  CliStatus (*run) (int argc, char **argv);
  const char *summary;
} CliCommand;

/* The subcommands, one a file. argv[0] is the subcommand's name. */
CliStatus cli_identify (int argc, char **argv);
CliStatus cli_tables   (int argc, char **argv);
CliStatus cli_collect  (int argc, char **argv);
CliStatus cli_clock    (int argc, char **argv);
CliStatus cli_convert  (int argc, char **argv);
CliStatus cli_stations (int argc, char **argv);
CliStatus cli_inspect  (int argc, char **argv);
CliStatus cli_emulate  (int argc, char **argv);
CliStatus cli_plot     (int argc, char **argv);
CliStatus cli_values   (int argc, char **argv);
CliStatus cli_files    (int argc, char **argv);
CliStatus cli_table    (int argc, char **argv);
CliStatus cli_settings (int argc, char **argv);
CliStatus cli_ping     (int argc, char **argv);
CliStatus cli_health   (int argc, char **argv);

/** What most subcommands need: the store, Ctrl+C as a cancellable, and the options that all share. */
typedef struct
{
  OpStore       *store;
  OpStationList *stations; /* loaded by cli_session_open_stations() */
  GCancellable  *cancellable;
  gboolean       json;
  char          *trace_path;
  char          *store_path;
  guint          interrupt_id;
} CliSession;

CliSession *cli_session_new   (void);
void        cli_session_free  (CliSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliSession, cli_session_free)
/**
 * Parses @entries together with --json, --trace and --store, leaving arguments in @argv. @usage: what follows
 * the subcommand's name ("STATION [--table T]…"). CLI_USAGE, said on standard error, when it does not parse.
 */
CliStatus   cli_session_parse (CliSession *session, const GOptionEntry *entries, const char *usage, int *argc, char ***argv);
/** Opens the store and loads the saved stations. */
gboolean    cli_session_open_stations (CliSession *session, GError **error);
/**
 * The station of a saved name or of an address; one of an address that is not saved yet is made for this run.
 * Returns: (transfer full)
 */
OpStation  *cli_session_find_station (CliSession *session, const char *argument, GError **error);
/** Connects, so that identity, clock and tables are read. */
gboolean    cli_session_connect (CliSession *session, OpStation *station, GError **error);
/** Saves what a station that is saved has learned; nothing for one of an address. */
gboolean    cli_session_save    (CliSession *session, OpStation *station, GError **error);

/** "values watch": shows fields again and again until Ctrl+C. */
CliStatus   cli_values_watch (CliSession *session, int argc, char **argv);

/**
 * Asks on the terminal before something is deleted, unless @yes. CLI_USAGE when there is nobody to ask, CLI_REFUSED
 * when the answer is no. @question is a sentence that says what will happen.
 */
CliStatus   cli_confirm (gboolean yes, const char *question);
/** Changes are tried so often when their answers get lost. */
#define CLI_MAX_TRIES 5
/**
 * Whether a change that failed with @error was certainly not made and may be tried again: then the error is cleared
 * and the try counted.
 */
gboolean    cli_should_repeat (GError **error, guint *n_tries);

/* Waiting for one asynchronous call: pass cli_await_cb and the address of a NULL GAsyncResult pointer. */
void          cli_await_cb (GObject *source, GAsyncResult *result, gpointer data);
GAsyncResult *cli_await    (GAsyncResult **result);

/** Says @error on standard error and returns the exit status that it means. Takes @error. */
CliStatus   cli_fail  (GError *error);
/** Says what is wrong with the arguments. */
CliStatus   cli_usage (const char *format, ...) G_GNUC_PRINTF (1, 2);
/** Prints @node as one line of JSON. */
void        cli_print_json (JsonNode *node);
/** Prints what @builder built as one line of JSON. */
void        cli_print_builder (JsonBuilder *builder);

/** Adds @number to an array or member; JSON has no numbers for what is none: then @text. */
void        cli_add_value     (JsonBuilder *builder, double number, const char *text);

/** Aligned columns for people: rows of equally many texts, the first one a heading. */
typedef struct _CliColumns CliColumns;
CliColumns *cli_columns_new   (guint n_columns, ...);
void        cli_columns_add   (CliColumns *columns, ...);
void        cli_columns_print (CliColumns *columns);
void        cli_columns_free  (CliColumns *columns);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliColumns, cli_columns_free)

G_END_DECLS
