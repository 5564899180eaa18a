/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/new-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

struct _OpNewFile
{
  char *path;           /* NULL: standard output */
  char *temporary_path; /* NULL once it is committed, and of what is no regular file */
  gint  fd;
};

static gboolean
fail (const OpNewFile *file, GError **error)
{
  gint        saved = errno;
  const char *name = file->path != NULL ? file->path : _("Standard output");

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), _("%s cannot be written: %s"), name,
               g_strerror (saved));
  return FALSE;
}

static gboolean
open_temporary (OpNewFile *file, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (file->path);
  g_autofree char *name = g_path_get_basename (file->path);

  do
    {
      g_autofree char *hidden = g_strdup_printf (".%s.%08x", name, g_random_int ());

      g_free (file->temporary_path);
      file->temporary_path = g_build_filename (folder, hidden, NULL);
      file->fd = g_open (file->temporary_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    }
  while (file->fd < 0 && errno == EEXIST);
  if (file->fd >= 0)
    return TRUE;
  fail (file, error);
  g_clear_pointer (&file->temporary_path, g_free);
  return FALSE;
}

/** Whether @path leads to a device or a pipe, whose place nothing may take. */
static gboolean
is_special (const char *path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS)
         && !g_file_test (path, G_FILE_TEST_IS_REGULAR) && !g_file_test (path, G_FILE_TEST_IS_DIR);
}

static gboolean
open_special (OpNewFile *file, GError **error)
{
  file->fd = g_open (file->path, O_WRONLY | O_CLOEXEC);
  return file->fd >= 0 || fail (file, error);
}

OpNewFile *
op_new_file_open (const char *path, GError **error)
{
  g_autoptr (OpNewFile) file = g_new0 (OpNewFile, 1);

  file->path = g_strdup (path);
  file->fd = STDOUT_FILENO;
  if (path != NULL && !(is_special (path) ? open_special (file, error) : open_temporary (file, error)))
    return NULL;
  return g_steal_pointer (&file);
}

gboolean
op_new_file_write (OpNewFile *file, GString *text, GError **error)
{
  gsize written = 0;

  while (written < text->len)
    {
      gssize n = write (file->fd, text->str + written, text->len - written);

      if (n < 0 && errno != EINTR)
        return fail (file, error);
      written += n > 0 ? (gsize) n : 0;
    }
  g_string_truncate (text, 0);
  return TRUE;
}

gboolean
op_new_file_commit (OpNewFile *file, GError **error)
{
  if (file->temporary_path == NULL)
    return TRUE;
  if (fsync (file->fd) != 0 || g_rename (file->temporary_path, file->path) != 0)
    return fail (file, error);
  g_clear_pointer (&file->temporary_path, g_free);
  return TRUE;
}

void
op_new_file_close (OpNewFile *file)
{
  if (file->path != NULL && file->fd >= 0)
    close (file->fd);
  if (file->temporary_path != NULL)
    g_unlink (file->temporary_path);
  g_free (file->temporary_path);
  g_free (file->path);
  g_free (file);
}
