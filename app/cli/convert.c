/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli.h"

#include "app/engine/convert.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define PROGRESS_MS 100
#define STANDARD_OUTPUT "-"

typedef struct
{
  char *to;
  char *out;
  const OpDataWriter *writer;
  gboolean into_folder; /* @out is one */
} ConvertOptions;

static void
convert_options_clear (ConvertOptions *options)
{
  g_free (options->to);
  g_free (options->out);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConvertOptions, convert_options_clear)

/* One file that is being converted. */
typedef struct
{
  const char *name;
  gint permille; /* of what was read: written by the reading thread */
} Progress;

static CliStatus
parse (CliSession *session, ConvertOptions *options, int *argc, char ***argv)
{
  g_autofree char *names = op_data_writer_dup_names ();
  g_autofree char *to_text = g_strdup_printf (_("Format to write: %s"), names);
  const GOptionEntry entries[] = {
    { "to", 0, 0, G_OPTION_ARG_STRING, &options->to, to_text, N_("FORMAT") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->out,
      N_("The file to write, the folder of several, or - for standard output"), N_("OUT") },
    G_OPTION_ENTRY_NULL,
  };
  CliStatus status = cli_session_parse (session, entries, "FILE… --to FORMAT", argc, argv);

  if (status != CLI_DONE)
    return status;
  if (*argc < 2 || options->to == NULL)
    return cli_usage (_("convert takes data files and --to FORMAT: %s"), names);
  options->writer = op_data_writer_find (options->to);
  if (options->writer == NULL)
    return cli_usage (_("%s is no format that can be written: %s"), options->to, names);
  if (g_strcmp0 (options->out, STANDARD_OUTPUT) == 0 && (*argc > 2 || session->json))
    return cli_usage (_("Standard output takes one file, and no JSON beside it"));
  options->into_folder
    = options->out != NULL && (*argc > 2 || g_file_test (options->out, G_FILE_TEST_IS_DIR));
  return CLI_DONE;
}

/* As the vendor's converter names its files: TOA5_NAME.dat. */
static char *
dup_new_name (const ConvertOptions *options, const char *in)
{
  g_autofree char *base = g_path_get_basename (in);
  char *ending = strrchr (base, '.');

  if (ending != NULL && ending != base)
    *ending = '\0';
  return g_strdup_printf ("%s_%s.dat", options->writer->title, base);
}

/* Where the file @in goes; NULL: standard output. */
static char *
dup_out_path (const ConvertOptions *options, const char *in)
{
  g_autofree char *name = dup_new_name (options, in);
  g_autofree char *folder = g_path_get_dirname (in);

  if (options->out == NULL)
    return g_build_filename (folder, name, NULL);
  if (options->into_folder)
    return g_build_filename (options->out, name, NULL);
  return g_str_equal (options->out, STANDARD_OUTPUT) ? NULL : g_strdup (options->out);
}

/* Two files of the same name would be written over each other. */
static CliStatus
check_names (const ConvertOptions *options, int argc, char **argv)
{
  g_autoptr (GHashTable) paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int i = 1; i < argc; i++)
    {
      char *path = dup_out_path (options, argv[i]);

      if (path != NULL && !g_hash_table_add (paths, path))
        return cli_usage (_("Two of the files would be written as %s"), path);
    }
  return CLI_DONE;
}

static void
on_progress_cb (goffset position, goffset size, gpointer data)
{
  Progress *progress = data;

  if (size > 0)
    g_atomic_int_set (&progress->permille, (gint) (1000.0 * position / size));
}

static gboolean
on_timeout_cb (gpointer data)
{
  Progress *progress = data;

  g_printerr ("\r%3d %%  %s\033[K", g_atomic_int_get (&progress->permille) / 10, progress->name);
  return G_SOURCE_CONTINUE;
}

static OpDataFile *
convert_file (CliSession *session, const ConvertOptions *options, const char *in, const char *out, guint64 *n_records,
              GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (in);
  g_autoptr (GFile) out_file = out != NULL ? g_file_new_for_path (out) : NULL;
  g_autoptr (GAsyncResult) done = NULL;
  Progress progress = { .name = in };
  gboolean on_terminal = isatty (STDERR_FILENO);
  guint timeout = on_terminal ? g_timeout_add (PROGRESS_MS, on_timeout_cb, &progress) : 0;

  op_convert_async (file, options->writer, out_file, session->cancellable, on_progress_cb, &progress, cli_await_cb,
                    &done);
  cli_await (&done);
  if (on_terminal)
    {
      g_source_remove (timeout);
      g_printerr ("\r\033[K");
    }
  return op_convert_finish (done, n_records, error);
}

static void
add_member (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

/* @content is NULL where @error says why. */
static void
add_json (JsonBuilder *builder, const ConvertOptions *options, const char *in, const char *out,
          const OpDataFile *content, guint64 n_records, const GError *error)
{
  json_builder_begin_object (builder);
  add_member (builder, "input", in);
  add_member (builder, "output", content != NULL ? out : NULL);
  add_member (builder, "format", options->writer->name);
  add_member (builder, "table", content != NULL ? content->table->name : NULL);
  json_builder_set_member_name (builder, "records");
  json_builder_add_int_value (builder, content != NULL ? (gint64) n_records : 0);
  json_builder_set_member_name (builder, "n_problems");
  json_builder_add_int_value (builder, content != NULL ? (gint64) content->n_problems : 0);
  json_builder_set_member_name (builder, "problems");
  json_builder_begin_array (builder);
  for (guint i = 0; content != NULL && i < content->problems->len; i++)
    json_builder_add_string_value (builder, content->problems->pdata[i]);
  json_builder_end_array (builder);
  add_member (builder, "error", error != NULL ? error->message : NULL);
  json_builder_end_object (builder);
}

static void
say_problems (const char *in, const OpDataFile *content)
{
  for (guint i = 0; i < content->problems->len; i++)
    g_printerr ("%s: %s\n", in, (char *) content->problems->pdata[i]);
  if (content->n_problems > content->problems->len)
    g_printerr (_("%s: %lu more\n"), in, (gulong) (content->n_problems - content->problems->len));
}

/* What is wrong with one file does not hold up the others; what could be read of it is written. */
static CliStatus
convert_one (CliSession *session, const ConvertOptions *options, const char *in, JsonBuilder *builder)
{
  g_autofree char *out = dup_out_path (options, in);
  g_autoptr (GError) error = NULL;
  guint64 n_records = 0;
  g_autoptr (OpDataFile) content = convert_file (session, options, in, out, &n_records, &error);
  CliStatus status = content != NULL && content->n_problems == 0 ? CLI_DONE : CLI_REFUSED;

  if (session->json)
    add_json (builder, options, in, out, content, n_records, error);
  if (content == NULL)
    g_printerr ("outpostctl: %s: %s\n", in, error->message);
  else
    say_problems (in, content);
  if (content != NULL && out != NULL && !session->json)
    g_print (g_dngettext (GETTEXT_PACKAGE, "%s: %lu record\n", "%s: %lu records\n", n_records), out, (gulong) n_records);
  return status;
}

CliStatus
cli_convert (int argc, char **argv)
{
  g_autoptr (CliSession) session = cli_session_new ();
  g_auto (ConvertOptions) options = { 0 };
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  CliStatus status = parse (session, &options, &argc, &argv);

  if (status == CLI_DONE)
    status = check_names (&options, argc, argv);
  if (status != CLI_DONE)
    return status;
  if (options.into_folder && g_mkdir_with_parents (options.out, 0777) != 0)
    return cli_fail (g_error_new (G_IO_ERROR, g_io_error_from_errno (errno), _("The folder %s cannot be made: %s"),
                                  options.out, g_strerror (errno)));

  json_builder_begin_array (builder);
  for (int i = 1; i < argc && !g_cancellable_is_cancelled (session->cancellable); i++)
    {
      CliStatus one = convert_one (session, &options, argv[i], builder);

      status = MAX (status, one);
    }
  json_builder_end_array (builder);
  if (session->json)
    cli_print_builder (builder);
  return status;
}
