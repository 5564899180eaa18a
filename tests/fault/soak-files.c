/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fault/soak.h"

#include <string.h>

#define N_NAMES  6
#define MAX_SIZE 5000

static char *
pick_name (Soak *soak)
{
  return g_strdup_printf ("CPU:soak%u.dat", soak_pick (soak, N_NAMES));
}

static GBytes *
pick_content (Soak *soak)
{
  gsize size = soak_pick (soak, MAX_SIZE);
  guint8 *bytes = g_malloc (size + 1);

  /* With many bytes that are quoted on the way. */
  for (gsize i = 0; i < size; i++)
    bytes[i] = soak_pick (soak, 4) == 0 ? 0xBC + soak_pick (soak, 2) : soak_pick (soak, 256);
  return g_bytes_new_take (bytes, size);
}

static guint
get_n_applied (Soak *soak)
{
  return op_emulator_get_n_applied (soak->emulator, "files");
}

/* Writing all of a file once more is no harm: it may have been done several times. */
void
soak_put_file (Soak *soak)
{
  g_autofree char *name = pick_name (soak);
  g_autoptr (GBytes) content = pick_content (soak);
  guint n_before = get_n_applied (soak);
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;
  gboolean done, verified = FALSE;
  guint n;

  op_logger_put_file_async (soak->logger, name, content, NULL, NULL, NULL, soak_await_cb, &result);
  done = op_logger_put_file_finish (soak->logger, soak_await (&result), &verified, &error);
  n = get_n_applied (soak) - n_before;
  soak_has_failed (soak, "put file", error);
  if (done)
    {
      g_assert_true (verified);
      g_assert_cmpuint (n, >=, 1);
    }
  if (n > 0)
    g_hash_table_replace (soak->model.files, g_strdup (name), g_bytes_ref (content));
}

/* What the logger says of a file that it does not have. */
static gboolean
is_missing (Soak *soak, const char *name, GError **error)
{
  if (g_hash_table_lookup (soak->model.files, name) != NULL
      || !g_error_matches (*error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NAME))
    return FALSE;
  g_clear_error (error);
  return TRUE;
}

static void
get_file (Soak *soak, const char *name)
{
  GBytes *expected = g_hash_table_lookup (soak->model.files, name);
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  op_logger_get_file_async (soak->logger, name, content, 0, NULL, NULL, NULL, soak_await_cb, &result);
  op_logger_get_file_finish (soak->logger, soak_await (&result), &error);
  if (is_missing (soak, name, &error) || soak_has_failed (soak, "get file", error))
    return;
  g_assert_nonnull (expected);
  g_assert_cmpmem (content->data, content->len, g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
}

void
soak_get_file (Soak *soak)
{
  g_autofree char *name = pick_name (soak);

  get_file (soak, name);
}

void
soak_delete_file (Soak *soak)
{
  g_autofree char *name = pick_name (soak);
  guint n_before = get_n_applied (soak);
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;
  gboolean done, not_done;
  guint n;

  op_logger_control_file_async (soak->logger, name, OP_FILE_COMMAND_DELETE, NULL, soak_await_cb, &result);
  done = op_logger_control_file_finish (soak->logger, soak_await (&result), NULL, &error);
  not_done = g_error_matches (error, OP_LOGGER_ERROR, OP_LOGGER_ERROR_NOT_DONE);
  n = get_n_applied (soak) - n_before;
  if (is_missing (soak, name, &error))
    return;
  soak_has_failed (soak, "delete file", error);
  g_assert_cmpuint (n, <=, 1);
  if (done && g_hash_table_lookup (soak->model.files, name) != NULL)
    g_assert_cmpuint (n, ==, 1);
  if (not_done)
    g_assert_cmpuint (n, ==, 0);
  if (n == 1)
    g_hash_table_remove (soak->model.files, name);
}

/* The directory has just the files that there should be, each as long as it should be. */
static gboolean
list_files (Soak *soak)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) files = NULL;
  GError *error = NULL;
  guint n_found = 0;

  op_logger_list_files_async (soak->logger, NULL, soak_await_cb, &result);
  files = op_logger_list_files_finish (soak->logger, soak_await (&result), &error);
  if (soak_has_failed (soak, "list files", error))
    return FALSE;
  for (guint i = 0; i < files->len; i++)
    {
      const OpDeviceFile *file = files->pdata[i];
      GBytes *expected = g_hash_table_lookup (soak->model.files, file->name);

      if (!g_str_has_prefix (file->name, "CPU:soak"))
        continue;
      g_assert_nonnull (expected);
      g_assert_cmpuint (file->size, ==, g_bytes_get_size (expected));
      n_found++;
    }
  g_assert_cmpuint (n_found, ==, g_hash_table_size (soak->model.files));
  return TRUE;
}

void
soak_list_files (Soak *soak)
{
  list_files (soak);
}

void
soak_check_files (Soak *soak)
{
  g_assert_true (list_files (soak));
  for (guint i = 0; i < N_NAMES; i++)
    {
      g_autofree char *name = g_strdup_printf ("CPU:soak%u.dat", i);

      get_file (soak, name);
    }
}
