/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/dump.h"

#include "protocol/emulator/table-file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>

/* Records made and written at a time. */
#define BLOCK_SIZE 1000

typedef struct
{
  OpVirtualTable *table;
  OpBatch        *batch;
  FILE           *file;
  guint64         next; /* record to be written */
  guint           n_resets; /* of the table, when @next was */
} DumpFile;

struct _OpDump
{
  OpVirtualStation *station;
  GPtrArray *files;
};

static void
dump_file_free (DumpFile *file)
{
  op_batch_unref (file->batch);
  fclose (file->file);
  g_free (file);
}

/* "/x/dump.dat" and "OneMin" make "/x/dump.OneMin.dat". */
static char *
make_path (const char *path, const char *table)
{
  g_autofree char *base = g_path_get_basename (path);
  const char *dot = strrchr (base, '.');
  gsize extension = dot != NULL && dot != base ? strlen (dot) : 0;
  gsize stem = strlen (path) - extension;

  return g_strdup_printf ("%.*s.%s%s", (int) stem, path, table, path + stem);
}

static gboolean
add_file (OpDump *self, OpVirtualTable *table, const char *path, GError **error)
{
  g_autofree char *table_path = make_path (path, table->definition->name);
  g_autoptr (OpDataOrigin) origin = op_virtual_station_get_origin (self->station);
  g_autoptr (GString) header = g_string_new (NULL);
  FILE *stream = g_fopen (table_path, "w");
  DumpFile *file;
  guint64 next;

  if (stream == NULL)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _ ("The dump %s cannot be written: %s"),
                   table_path, g_strerror (errno));
      return FALSE;
    }
  file = g_new0 (DumpFile, 1);
  file->table = table;
  file->batch = op_batch_new (table->definition, NULL, 0, BLOCK_SIZE);
  file->file = stream;
  op_virtual_table_get_span (table, &file->next, &next);
  g_ptr_array_add (self->files, file);
  op_toa5_append_header (header, origin, table->definition);
  fwrite (header->str, 1, header->len, stream);
  fflush (stream);
  return TRUE;
}

/* Records up to, without, @end, which lie one interval apart. */
static void
write_block (OpDump *self, DumpFile *file, guint64 end)
{
  g_autoptr (GString) text = g_string_new (NULL);

  op_batch_clear (file->batch);
  op_virtual_station_read_records (self->station, file->table, file->next, end, file->batch);
  op_toa5_append_records (text, file->batch, 0, op_batch_get_n_records (file->batch));
  fwrite (text->str, 1, text->len, file->file);
  file->next = end;
}

static void
flush_file (OpDump *self, DumpFile *file)
{
  guint64 oldest, next;

  op_virtual_table_get_span (file->table, &oldest, &next);
  /* The table began anew. */
  if (file->n_resets != file->table->n_resets)
    file->next = 0;
  file->n_resets = file->table->n_resets;
  if (file->next >= next)
    return;
  while (file->next < next)
    {
      guint64 count = MIN (next - file->next, BLOCK_SIZE);

      write_block (self, file, file->next + op_virtual_table_get_run (file->table, file->next, count));
    }
  /* What fwrite() could not put down is no longer there to be flushed. */
  if (fflush (file->file) != 0 || ferror (file->file))
    g_warning ("The dump of %s cannot be written: %s", file->table->definition->name, g_strerror (errno));
}

OpDump *
op_dump_new (OpVirtualStation *station, const char *path, GError **error)
{
  g_autoptr (OpDump) self = g_new0 (OpDump, 1);

  self->station = station;
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) dump_file_free);
  op_virtual_station_update (station);
  for (guint i = 0; i < station->tables->len; i++)
    {
      OpVirtualTable *table = station->tables->pdata[i];

      if (table->stored && !add_file (self, table, path, error))
        return NULL;
    }
  op_dump_flush (self);
  return g_steal_pointer (&self);
}

void
op_dump_free (OpDump *self)
{
  g_ptr_array_unref (self->files);
  g_free (self);
}

void
op_dump_flush (OpDump *self)
{
  op_virtual_station_update (self->station);
  for (guint i = 0; i < self->files->len; i++)
    flush_file (self, self->files->pdata[i]);
}
