/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/formats/header.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (op-format-error-quark, op_format_error)

static const OpHeaderForm forms[] = {
  { "TOA5", 4, 8, TRUE },
  { "TOACI1", 2, 3, TRUE },
  { "TOB1", 5, 8, FALSE },
};

void
op_data_origin_free (OpDataOrigin *origin)
{
  g_free (origin->station);
  g_free (origin->model);
  g_free (origin->serial);
  g_free (origin->os);
  g_free (origin->program);
  g_free (origin);
}

OpDataOrigin *
op_data_origin_copy (const OpDataOrigin *origin)
{
  OpDataOrigin *copy = g_new0 (OpDataOrigin, 1);

  copy->station = g_strdup (origin->station);
  copy->model = g_strdup (origin->model);
  copy->serial = g_strdup (origin->serial);
  copy->os = g_strdup (origin->os);
  copy->program = g_strdup (origin->program);
  copy->program_signature = origin->program_signature;
  return copy;
}

static const OpCell *
get_cell (const OpLineReader *lines, guint i)
{
  return &g_array_index (lines->cells, OpCell, i);
}

const OpHeaderForm *
op_header_form_find (const OpLineReader *lines)
{
  for (guint i = 0; lines->cells->len > 0 && i < G_N_ELEMENTS (forms); i++)
    {
      if (op_cell_is (get_cell (lines, 0), forms[i].tag))
        return &forms[i];
    }
  return NULL;
}

void
op_header_clear (OpHeader *header)
{
  g_clear_pointer (&header->origin, op_data_origin_free);
  g_clear_pointer (&header->table_name, g_free);
  for (guint i = 0; i < OP_HEADER_MAX_LINES; i++)
    {
      g_clear_pointer (&header->texts[i], g_ptr_array_unref);
      g_clear_pointer (&header->lines[i], g_bytes_unref);
    }
}

static gboolean
fail (const OpLineReader *lines, const char *reason, GError **error)
{
  g_set_error (error, OP_FORMAT_ERROR, OP_FORMAT_ERROR_HEADER, _("The header is damaged: line %u: %s"), lines->line,
               reason);
  return FALSE;
}

/** Keeps how line @number stands and checks that it has @n_cells. */
static gboolean
check_line (OpHeader *header, const OpLineReader *lines, guint number, guint n_cells, GError **error)
{
  g_autofree char *reason = NULL;

  header->lines[number] = g_bytes_new (lines->start, lines->length);
  if (lines->problem != NULL)
    return fail (lines, lines->problem, error);
  if (lines->cells->len == n_cells)
    return TRUE;
  reason = g_strdup_printf (_("%u values, not %u"), lines->cells->len, n_cells);
  return fail (lines, reason, error);
}

static gboolean
read_column_texts (OpHeader *header, OpLineReader *lines, guint number, GError **error)
{
  const GPtrArray *names = header->texts[OP_HEADER_NAMES];

  if (!op_line_reader_next (lines))
    {
      g_set_error (error, OP_FORMAT_ERROR, OP_FORMAT_ERROR_HEADER,
                   _("The header is damaged: the file ends before its line %u"), number + 1);
      return FALSE;
    }
  if (!check_line (header, lines, number, names != NULL ? names->len : lines->cells->len, error))
    return FALSE;
  header->texts[number] = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < lines->cells->len; i++)
    g_ptr_array_add (header->texts[number], op_cell_dup_text (get_cell (lines, i)));
  return TRUE;
}

static char *
dup_origin_cell (const OpHeader *header, const OpLineReader *lines, guint i)
{
  return i + 1 < header->form->n_cells ? op_cell_dup_text (get_cell (lines, i)) : g_strdup ("");
}

static gboolean
read_origin (OpHeader *header, OpLineReader *lines, GError **error)
{
  OpDataOrigin    *origin = g_new0 (OpDataOrigin, 1);
  g_autofree char *signature = NULL;

  header->origin = origin;
  if (!op_line_reader_next (lines) || (header->form = op_header_form_find (lines)) == NULL)
    {
      g_set_error (error, OP_FORMAT_ERROR, OP_FORMAT_ERROR_UNKNOWN, _("This is no TOA5, TOACI1 or TOB1 file"));
      return FALSE;
    }
  if (!check_line (header, lines, OP_HEADER_ORIGIN, header->form->n_cells, error))
    return FALSE;
  origin->station = dup_origin_cell (header, lines, 1);
  origin->model = dup_origin_cell (header, lines, 2);
  origin->serial = dup_origin_cell (header, lines, 3);
  origin->os = dup_origin_cell (header, lines, 4);
  origin->program = dup_origin_cell (header, lines, 5);
  signature = dup_origin_cell (header, lines, 6);
  origin->program_signature = (guint16) g_ascii_strtoull (signature, NULL, 10);
  header->table_name = op_cell_dup_text (get_cell (lines, header->form->n_cells - 1));
  return TRUE;
}

gboolean
op_header_read (OpHeader *header, OpLineReader *lines, GError **error)
{
  gboolean read = read_origin (header, lines, error);

  for (guint i = OP_HEADER_NAMES; read && i < header->form->n_lines; i++)
    read = read_column_texts (header, lines, i, error);
  if (!read && lines->error != NULL)
    {
      g_clear_error (error);
      g_propagate_error (error, g_steal_pointer (&lines->error));
    }
  return read;
}

const char *
op_header_get_text (const OpHeader *header, guint line, guint column)
{
  const GPtrArray *texts = header->texts[line];

  return texts != NULL ? g_ptr_array_index (texts, column) : "";
}
