/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/files.h"

#include "protocol/logger-changes.h"
#include "protocol/signature.h"
#include "protocol/transport/transport.h"

#include <glib/gi18n.h>
#include <unistd.h>

/* A link that ends in the middle is opened again so often. */
#define MAX_LINKS 5

static void
on_progress_cb (guint64 done, guint64 expected, gpointer data)
{
  const CliSession *session = data;
  g_autofree char *size = NULL;

  if (session->json || !isatty (STDERR_FILENO) || expected == 0)
    return;
  size = g_format_size (expected);
  g_printerr ("\r\033[K");
  g_printerr (_("%.0f %% of %s"), 100.0 * (double) done / (double) expected, size);
}

static void
end_progress (const CliSession *session)
{
  if (!session->json && isatty (STDERR_FILENO))
    g_printerr ("\r\033[K");
}

/* What tells that a file is still the one of which a part was read. */
static char *
dup_mark (const OpDeviceFile *file)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT " %s", file->size, file->date);
}

/* The mark of @name and its size; "" when the directory does not show it, as those of definitions and hidden ones. */
static char *
look_up (CliSession *session, OpStation *station, const char *name, guint64 *size, GError **error)
{
  g_autoptr (GPtrArray) files = files_read_list (session, station, error);

  *size = 0;
  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      const OpDeviceFile *file = g_ptr_array_index (files, i);

      if (g_ascii_strcasecmp (file->name, name) != 0)
        continue;
      *size = file->size;
      return dup_mark (file);
    }
  return files != NULL ? g_strdup ("") : NULL;
}

static gboolean
get_once (CliSession *session, OpStation *station, const char *name, GByteArray *content, char **mark, GError **error)
{
  g_autoptr (OpLogger) logger = g_object_ref (op_station_get_logger (station));
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *now = NULL;
  guint64 size;

  now = look_up (session, station, name, &size, error);
  if (now == NULL)
    return FALSE;
  /* What was read before counts only if it is part of the same file. */
  if (g_strcmp0 (now, *mark) != 0 || *now == '\0')
    g_byte_array_set_size (content, 0);
  g_free (*mark);
  *mark = g_steal_pointer (&now);

  op_logger_get_file_async (logger, name, content, size, on_progress_cb, session, session->cancellable, cli_await_cb,
                            &result);
  return op_logger_get_file_finish (logger, cli_await (&result), error);
}

static gboolean
is_link_error (const GError *error)
{
  return g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_LINK)
         || g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NO_ANSWER) || error->domain == OP_TRANSPORT_ERROR;
}

/* Goes on where a link ended. */
static gboolean
get_file (CliSession *session, OpStation *station, const char *name, GByteArray *content, GError **error)
{
  g_autofree char *mark = NULL;
  GError *cause = NULL;

  for (guint n_links = 1;; n_links++)
    {
      if ((n_links == 1 || cli_session_connect (session, station, &cause))
          && get_once (session, station, name, content, &mark, &cause))
        return TRUE;
      op_station_disconnect (station);
      if (n_links == MAX_LINKS || !is_link_error (cause))
        {
          g_propagate_error (error, cause);
          return FALSE;
        }
      g_clear_error (&cause);
    }
}

static void
print_transfer (const CliSession *session, const char *name, const char *path, GBytes *content, const gboolean *verified)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  gsize length;
  const guint8 *bytes = g_bytes_get_data (content, &length);

  if (!session->json)
    return;
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder, name);
  json_builder_set_member_name (builder, "file");
  json_builder_add_string_value (builder, path);
  json_builder_set_member_name (builder, "bytes");
  json_builder_add_int_value (builder, (gint64) length);
  json_builder_set_member_name (builder, "signature");
  json_builder_add_int_value (builder, op_signature (bytes, length, OP_SIGNATURE_SEED));
  if (verified != NULL)
    {
      json_builder_set_member_name (builder, "verified");
      json_builder_add_boolean_value (builder, *verified);
    }
  json_builder_end_object (builder);
  cli_print_builder (builder);
}

/* "CPU:weather.CR1" without its drive. */
static const char *
get_plain_name (const char *name)
{
  const char *colon = strrchr (name, ':');

  return colon != NULL ? colon + 1 : name;
}

CliStatus
files_get (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autofree char *own_path = g_path_get_basename (get_plain_name (names[0]));
  const char *path = options->out != NULL ? options->out : own_path;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  gboolean done = get_file (session, station, names[0], content, &error);

  end_progress (session);
  if (!done || !g_file_set_contents (path, (const char *) content->data, content->len, &error))
    return cli_fail (g_steal_pointer (&error));
  bytes = g_bytes_new (content->data, content->len);
  print_transfer (session, names[0], path, bytes, NULL);
  if (!session->json)
    g_print (_("%s: %u bytes\n"), path, content->len);
  return CLI_DONE;
}

static gboolean
put_file (CliSession *session, OpStation *station, const char *name, GBytes *content, gboolean *verified,
          GError **error)
{
  g_autoptr (OpLogger) logger = g_object_ref (op_station_get_logger (station));
  g_autoptr (GAsyncResult) result = NULL;

  op_logger_put_file_async (logger, name, content, on_progress_cb, session, session->cancellable, cli_await_cb, &result);
  return op_logger_put_file_finish (logger, cli_await (&result), verified, error);
}

CliStatus
files_put (CliSession *session, OpStation *station, const FilesOptions *options, guint n_names, char **names)
{
  g_autofree char *base = g_path_get_basename (names[0]);
  g_autofree char *own_name = g_strconcat ("CPU:", base, NULL);
  const char *name = n_names > 1 ? names[1] : own_name;
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  gboolean verified, done;
  gsize length;

  if (!g_file_get_contents (names[0], &data, &length, &error))
    return cli_fail (g_steal_pointer (&error));
  content = g_bytes_new_take (g_steal_pointer (&data), length);
  done = put_file (session, station, name, content, &verified, &error);
  end_progress (session);
  if (!done)
    return cli_fail (g_steal_pointer (&error));
  print_transfer (session, name, names[0], content, &verified);
  if (!session->json && verified)
    g_print (_("%s was sent, read back and is the same\n"), name);
  else if (!session->json)
    g_print (_("%s was sent; the logger lets nobody read it back\n"), name);
  return CLI_DONE;
}
