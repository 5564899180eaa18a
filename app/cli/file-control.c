/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/files.h"

#include "protocol/logger-changes.h"

#include <glib/gi18n.h>

/* CompState (BMP5 manual 2.3.3.5). */
#define STATE_CANNOT_COMPILE 2
/* A logger that starts a program may drop its links, also the first ones made anew. */
#define MAX_LINKS 5

static gboolean
control_file (CliSession *session, OpStation *station, const char *name, OpFileCommand command, guint *hold_off_s,
              GError **error)
{
  g_autoptr (OpLogger) logger = g_object_ref (op_station_get_logger (station));
  guint n_tries = 0;
  GError *cause = NULL;
  gboolean done;

  do
    {
      g_autoptr (GAsyncResult) result = NULL;

      op_logger_control_file_async (logger, name, command, session->cancellable, cli_await_cb, &result);
      done = op_logger_control_file_finish (logger, cli_await (&result), hold_off_s, &cause);
    }
  while (!done && cli_should_repeat (&cause, &n_tries));
  if (!done)
    g_propagate_error (error, cause);
  return done;
}

static void
print_done (const CliSession *session, const char *name, guint hold_off_s)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (!session->json)
    return;
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder, name);
  json_builder_set_member_name (builder, "hold_off_s");
  json_builder_add_int_value (builder, hold_off_s);
  json_builder_end_object (builder);
  cli_print_builder (builder);
}

/* A command after which nothing needs to be looked at. */
static CliStatus
control (CliSession *session, OpStation *station, const char *name, OpFileCommand command)
{
  g_autoptr (GError) error = NULL;
  guint hold_off_s;

  if (!control_file (session, station, name, command, &hold_off_s, &error))
    return cli_fail (g_steal_pointer (&error));
  print_done (session, name, hold_off_s);
  return CLI_DONE;
}

CliStatus
files_stop (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names)
{
  return control (session, station, "", options->replace ? OP_FILE_COMMAND_STOP_DELETE : OP_FILE_COMMAND_STOP);
}

CliStatus
files_pause (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names)
{
  return control (session, station, "", OP_FILE_COMMAND_PAUSE);
}

CliStatus
files_resume (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names)
{
  return control (session, station, "", OP_FILE_COMMAND_RESUME);
}

CliStatus
files_hide (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names)
{
  return control (session, station, names[0], OP_FILE_COMMAND_HIDE);
}

CliStatus
files_power_up (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names)
{
  return control (session, station, n_names > 0 ? names[0] : "", OP_FILE_COMMAND_SET_POWER_UP);
}

CliStatus
files_delete (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names)
{
  return control (session, station, names[0], OP_FILE_COMMAND_DELETE);
}

CliStatus
files_format (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names)
{
  return control (session, station, names[0], OP_FILE_COMMAND_FORMAT);
}

/* Running a program */

static OpFileCommand
choose_run (const FilesOptions *options)
{
  if (options->keep_data)
    return OP_FILE_COMMAND_RUN_KEEP_DATA;
  if (options->replace)
    return options->once ? OP_FILE_COMMAND_REPLACE_ONCE : OP_FILE_COMMAND_REPLACE;
  return options->once ? OP_FILE_COMMAND_RUN_ONCE : OP_FILE_COMMAND_RUN;
}

static gboolean
on_waited_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Leaves the logger alone for as long as it asked for. */
static void
wait_for_logger (CliSession *session, guint seconds)
{
  gboolean waited = FALSE;
  guint timer;

  if (seconds == 0)
    return;
  if (!session->json)
    g_printerr (_("The logger asks to wait for %u s\n"), seconds);
  timer = g_timeout_add_seconds (seconds, on_waited_cb, &waited);
  while (!waited && !g_cancellable_is_cancelled (session->cancellable))
    g_main_context_iteration (NULL, TRUE);
  if (!waited)
    g_source_remove (timer);
}

static OpProgramState *
read_program_once (CliSession *session, OpStation *station, GError **error)
{
  g_autoptr (OpLogger) logger = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  if (op_station_get_logger (station) == NULL && !cli_session_connect (session, station, error))
    return NULL;
  logger = g_object_ref (op_station_get_logger (station));
  op_logger_read_program_async (logger, session->cancellable, cli_await_cb, &result);
  return op_logger_read_program_finish (logger, cli_await (&result), error);
}

/* What became of the program, over a new link if the old one is gone. */
static OpProgramState *
read_program (CliSession *session, OpStation *station, GError **error)
{
  OpProgramState *state = NULL;

  for (guint n_links = 0; state == NULL && n_links < MAX_LINKS; n_links++)
    {
      g_clear_error (error);
      state = read_program_once (session, station, error);
      if (state == NULL)
        op_station_disconnect (station);
      if (g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        break;
    }
  return state;
}

static void
print_run_json (const char *name, guint hold_off_s, const OpProgramState *state)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder, name);
  json_builder_set_member_name (builder, "hold_off_s");
  json_builder_add_int_value (builder, hold_off_s);
  json_builder_set_member_name (builder, "program");
  json_builder_add_string_value (builder, state->program);
  json_builder_set_member_name (builder, "program_signature");
  json_builder_add_int_value (builder, state->program_signature);
  json_builder_set_member_name (builder, "compile_state");
  json_builder_add_int_value (builder, state->compile_state);
  json_builder_set_member_name (builder, "compile_result");
  json_builder_add_string_value (builder, state->compile_result);
  json_builder_end_object (builder);
  cli_print_builder (builder);
}

CliStatus
files_run (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names)
{
  g_autoptr (OpProgramState) state = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *compile_result = NULL;
  guint hold_off_s;

  if (!control_file (session, station, names[0], choose_run (options), &hold_off_s, &error))
    return cli_fail (g_steal_pointer (&error));
  wait_for_logger (session, hold_off_s);
  state = read_program (session, station, &error);
  if (state == NULL)
    return cli_fail (g_steal_pointer (&error));

  compile_result = g_strstrip (g_strdup (state->compile_result));
  if (session->json)
    print_run_json (names[0], hold_off_s, state);
  else
    g_print ("%s\n", compile_result);
  if (state->compile_state != STATE_CANNOT_COMPILE)
    return CLI_DONE;
  g_printerr ("outpostctl: %s\n", _("The program does not compile"));
  return CLI_REFUSED;
}
