/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include "protocol/emulator/emulator.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>

/* A packet's hop count goes to 15. */
#define MAX_HOPS 14

/* Options as they are written; checked and turned into OpEmulatorOptions. */
typedef struct
{
  char *listen;
  char *pty;
  gint pakbus;
  char *security;
  gint64 history;
  double interval;
  gint64 seed;
  char *program;
  char *fault;
  char *dump;
  gint baud;
  gboolean strict_baud;
  double rtt_ms;
  double turnaround_ms;
  double offset;
  double drift;
  char *epoch;
  OpTime epoch_time; /* 0: none */
  gboolean outage;
  gint hops;
  gint one_way;
  gboolean restart_on_run;
} EmulateOptions;

static void
emulate_options_clear (EmulateOptions *options)
{
  g_free (options->listen);
  g_free (options->pty);
  g_free (options->security);
  g_free (options->program);
  g_free (options->fault);
  g_free (options->dump);
  g_free (options->epoch);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EmulateOptions, emulate_options_clear)

static CliStatus
parse (CliSession *session, EmulateOptions *options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "listen", 0, 0, G_OPTION_ARG_STRING, &options->listen, N_("Serve TCP"), N_("HOST:PORT") },
    { "pty", 0, 0, G_OPTION_ARG_FILENAME, &options->pty, N_("Serve a pseudo-terminal, linked here"), N_("LINK") },
    { "pakbus", 0, 0, G_OPTION_ARG_INT, &options->pakbus, N_("PakBus address (1)"), N_("ADDR") },
    { "security", 0, 0, G_OPTION_ARG_STRING, &options->security, N_("Security codes of levels 1, 2, 3"), N_("C1[,C2[,C3]]") },
    { "history", 0, 0, G_OPTION_ARG_INT64, &options->history, N_("Records at the start (1440)"), N_("N") },
    { "interval", 0, 0, G_OPTION_ARG_DOUBLE, &options->interval, N_("Seconds a record (60)"), N_("S") },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &options->seed, N_("Seed of weather and faults (1)"), N_("N") },
    { "program", 0, 0, G_OPTION_ARG_FILENAME, &options->program, N_("Text of the running program"), N_("FILE") },
    { "fault", 0, 0, G_OPTION_ARG_STRING, &options->fault, N_("Faults of the link"), N_("KIND:RATE,…") },
    { "dump", 0, 0, G_OPTION_ARG_FILENAME, &options->dump, N_("Write every record stored as TOA5"), N_("FILE") },
    { "baud", 0, 0, G_OPTION_ARG_INT, &options->baud, N_("Slow the link to a line's speed"), N_("BAUD") },
    { "strict-baud", 0, 0, G_OPTION_ARG_NONE, &options->strict_baud, N_("Let the pseudo-terminal understand that speed only"), NULL },
    { "rtt", 0, 0, G_OPTION_ARG_DOUBLE, &options->rtt_ms, N_("Add a round trip, in milliseconds"), N_("MS") },
    { "turnaround", 0, 0, G_OPTION_ARG_DOUBLE, &options->turnaround_ms, N_("Wait before each answer, in milliseconds"), N_("MS") },
    { "clock-offset", 0, 0, G_OPTION_ARG_DOUBLE, &options->offset, N_("Error of the clock at the start"), N_("S") },
    { "drift", 0, 0, G_OPTION_ARG_DOUBLE, &options->drift, N_("Drift of the clock"), N_("PPM") },
    { "epoch", 0, 0, G_OPTION_ARG_STRING, &options->epoch, N_("When record 0 fell; memory holds the last of --history"), N_("TIME") },
    { "outage", 0, 0, G_OPTION_ARG_NONE, &options->outage, N_("Let the power fail now and then in the history"), NULL },
    { "hops", 0, 0, G_OPTION_ARG_INT, &options->hops, N_("Loggers behind this one, with the next addresses (0)"), N_("N") },
    { "one-way", 0, 0, G_OPTION_ARG_INT, &options->one_way, N_("Send new records to this address unasked"), N_("ADDR") },
    { "restart-on-run", 0, 0, G_OPTION_ARG_NONE, &options->restart_on_run, N_("End links when the program changes"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  CliStatus status = cli_session_parse (session, entries, "MODEL (--listen HOST:PORT | --pty LINK)", argc, argv);

  if (status != CLI_DONE)
    return status;
  if (*argc != 2 || (options->listen != NULL) == (options->pty != NULL))
    return cli_usage (_("emulate takes a model and either --listen or --pty"));
  if (options->pakbus < 1 || options->pakbus > 4094 || options->one_way < 0 || options->one_way > 4094)
    return cli_usage (_("A PakBus address is a number from 1 to 4094"));
  if (options->hops < 0 || options->hops > MAX_HOPS)
    return cli_usage (_("Behind a logger there may be up to 14 others"));
  if (!(options->interval >= 0.001 && options->interval <= 86400) || options->history < 0
      || options->history > G_MAXUINT32)
    return cli_usage (_("An interval lies between 0.001 and 86,400 seconds, a history between 0 and 4,294,967,295 records"));
  if (!(options->rtt_ms >= 0 && options->rtt_ms <= 60000)
      || !(options->turnaround_ms >= 0 && options->turnaround_ms <= 60000) || options->baud < 0)
    return cli_usage (_("Delays lie between 0 and 60,000 milliseconds"));
  if (options->epoch != NULL && !op_time_parse (options->epoch, &options->epoch_time))
    return cli_usage (_("A time is written \"2026-03-01 12:00:00\""));
  return CLI_DONE;
}

static gboolean
parse_security (const char *text, guint16 security[3])
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      guint64 code;

      if (i >= 3 || !g_ascii_string_to_unsigned (parts[i], 10, 0, G_MAXUINT16, &code, NULL))
        return FALSE;
      security[i] = code;
    }
  return TRUE;
}

static OpEmulator *
make_emulator (const EmulateOptions *options, const char *model, const guint16 security[3], GError **error)
{
  g_autoptr (OpEmulatorOptions) wanted = op_emulator_options_new (model);

  wanted->pakbus_address = options->pakbus;
  memcpy (wanted->security, security, sizeof wanted->security);
  wanted->history = options->history;
  wanted->interval = llround (options->interval * OP_SECOND);
  wanted->seed = options->seed;
  wanted->clock_offset_ns = llround (options->offset * OP_SECOND);
  wanted->drift_ppm = options->drift;
  wanted->epoch = options->epoch_time;
  wanted->outage = options->outage;
  wanted->baud = options->baud;
  wanted->strict_baud = options->strict_baud;
  wanted->rtt_us = llround (options->rtt_ms * 1000);
  wanted->turnaround_us = llround (options->turnaround_ms * 1000);
  wanted->dump_path = g_strdup (options->dump);
  wanted->faults = g_strdup (options->fault);
  wanted->hops = options->hops;
  wanted->one_way = options->one_way;
  wanted->drops_link = options->restart_on_run;
  if (options->program != NULL
      && !g_file_get_contents (options->program, &wanted->program_text, NULL, error))
    return NULL;
  return op_emulator_new (wanted, error);
}

static gboolean
listen_tcp (OpEmulator *emulator, const char *text, GError **error)
{
  g_autoptr (GSocketConnectable) connectable = g_network_address_parse (text, 6785, error);
  GNetworkAddress *address;
  guint16 port;

  if (connectable == NULL)
    return FALSE;
  address = G_NETWORK_ADDRESS (connectable);
  port = op_emulator_listen (emulator, g_network_address_get_hostname (address), g_network_address_get_port (address),
                             error);
  if (port == 0)
    return FALSE;
  /* Scripts wait for this line: it is not translated. */
  g_print ("listening on tcp://%s:%u\n", g_network_address_get_hostname (address), port);
  return TRUE;
}

static gboolean
listen_pty (OpEmulator *emulator, const char *link, GError **error)
{
  g_autofree char *slave = op_emulator_open_pty (emulator, link, error);

  if (slave == NULL)
    return FALSE;
  g_print ("listening on %s (%s)\n", link, slave);
  return TRUE;
}

static gboolean
on_terminate_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

CliStatus
cli_emulate (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  g_auto (EmulateOptions) options = { .pakbus = 1, .history = 1440, .interval = 60, .seed = 1 };
  g_autoptr (OpEmulator) emulator = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  CliStatus status = parse (session, &options, &argc, &argv);
  guint16 security[3] = { 0 };
  guint terminate_id;

  if (status != CLI_DONE)
    return status;
  if (!parse_security (options.security, security))
    return cli_usage (_("Security codes are up to three numbers from 0 to 65535"));

  emulator = make_emulator (&options, argv[1], security, &error);
  if (emulator == NULL)
    return cli_fail (g_steal_pointer (&error));
  if (!(options.listen != NULL ? listen_tcp (emulator, options.listen, &error)
                               : listen_pty (emulator, options.pty, &error)))
    return cli_fail (g_steal_pointer (&error));
  fflush (stdout);

  terminate_id = g_unix_signal_add (SIGTERM, on_terminate_cb, loop);
  g_signal_connect_swapped (session->cancellable, "cancelled", G_CALLBACK (g_main_loop_quit), loop);
  g_main_loop_run (loop);
  g_source_remove (terminate_id);
  op_emulator_flush_dump (emulator);
  return CLI_DONE;
}
