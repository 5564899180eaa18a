/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/formats/tob1-layout.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ASCII_BEGIN "ASCII("

void
op_tob1_layout_clear (OpTob1Layout *layout)
{
  g_clear_pointer (&layout->header, g_bytes_unref);
}

static gboolean
fail_column (guint column, const char *text, const char *reason, GError **error)
{
  g_set_error (error, OP_FORMAT_ERROR, OP_FORMAT_ERROR_HEADER,
               _("The header is damaged: line %d, value %u: “%s” %s"), OP_HEADER_TYPES + 1, column + 1, text, reason);
  return FALSE;
}

/** Reads "ASCII(12)"; the length may have spaces around it. */
static gboolean
parse_ascii (const char *text, guint32 *length)
{
  g_autofree char *digits = NULL;
  gsize            n = strlen (text);
  guint64          number;

  if (n <= strlen (ASCII_BEGIN) || g_ascii_strncasecmp (text, ASCII_BEGIN, strlen (ASCII_BEGIN)) != 0 || text[n - 1] != ')')
    return FALSE;
  digits = g_strstrip (g_strndup (text + strlen (ASCII_BEGIN), n - strlen (ASCII_BEGIN) - 1));
  if (!g_ascii_string_to_unsigned (digits, 10, 1, OP_TABLE_MAX_RECORD_SIZE, &number, NULL))
    return FALSE;
  *length = (guint32) number;
  return TRUE;
}

/** The type that a column's @text means. TOB1 names little-endian floats by names that elsewhere are big-endian. */
static gboolean
parse_type (const char *text, OpType *type, guint32 *length)
{
  *length = 0;
  if (g_ascii_strcasecmp (text, "IEEE4") == 0)
    *type = OP_TYPE_IEEE4L;
  else if (g_ascii_strcasecmp (text, "IEEE8") == 0)
    *type = OP_TYPE_IEEE8L;
  else if (parse_ascii (text, length))
    *type = OP_TYPE_ASCII;
  else
    return op_type_find (text, type) && op_type_size (*type) > 0 && *type != OP_TYPE_ASCII;
  return TRUE;
}

/** Whether column @column is a part of the records' stamps; these come first. */
static gboolean
is_stamp_part (const OpHeader *header, guint column, const char *name)
{
  return column < header->texts[OP_HEADER_NAMES]->len
         && g_ascii_strcasecmp (op_header_get_text (header, OP_HEADER_NAMES, column), name) == 0
         && g_ascii_strcasecmp (op_header_get_text (header, OP_HEADER_TYPES, column), "ULONG") == 0;
}

/** Finds the stamp's parts, each of which may be missing; returns the first column of values. */
static guint
find_stamp (OpTob1Layout *layout, const OpHeader *header)
{
  guint column = 0;

  layout->seconds = layout->nanoseconds = layout->number = OP_TOB1_NO_OFFSET;
  if (is_stamp_part (header, column, "SECONDS"))
    layout->seconds = 4 * column++;
  if (column == 1 && is_stamp_part (header, column, "NANOSECONDS"))
    layout->nanoseconds = 4 * column++;
  if (is_stamp_part (header, column, "RECORD"))
    layout->number = 4 * column++;
  layout->values = 4 * column;
  return column;
}

static OpTable *
build_table (const OpHeader *header, guint first_column, GError **error)
{
  g_autoptr (OpTableBuilder) builder = op_table_builder_new (header->table_name, 0, OP_TYPE_NSEC, 0, 0);
  g_autoptr (GError) refused = NULL;
  OpTable           *table;

  for (guint i = first_column; i < header->texts[OP_HEADER_NAMES]->len; i++)
    {
      const char *text = op_header_get_text (header, OP_HEADER_TYPES, i);
      guint32     length;
      OpType      type;

      if (!parse_type (text, &type, &length))
        {
          fail_column (i, text, _("is no type of data"), error);
          return NULL;
        }
      op_table_builder_add_field (builder, type, TRUE, op_header_get_text (header, OP_HEADER_NAMES, i),
                                  op_header_get_text (header, OP_HEADER_PROCESSING, i),
                                  op_header_get_text (header, OP_HEADER_UNITS, i), &length, length > 0);
    }
  table = op_table_builder_finish (g_steal_pointer (&builder), 1, &refused);
  if (table == NULL)
    g_set_error (error, OP_FORMAT_ERROR, OP_FORMAT_ERROR_HEADER, _("The header is damaged: %s"), refused->message);
  return table;
}

gboolean
op_tob1_layout_read (OpTob1Layout *layout, OpDataFile *file, const char *bytes, gsize length, GError **error)
{
  g_auto (OpLineReader) lines = { 0 };
  g_auto (OpHeader) header = { 0 };
  guint first_column;

  op_line_reader_init (&lines, bytes, length);
  if (!op_header_read (&header, &lines, error))
    return FALSE;
  if (header.form->is_text)
    {
      g_set_error (error, OP_FORMAT_ERROR, OP_FORMAT_ERROR_UNKNOWN, _("This is no TOB1 file"));
      return FALSE;
    }
  first_column = find_stamp (layout, &header);
  file->table = build_table (&header, first_column, error);
  if (file->table == NULL)
    return FALSE;
  if (file->table->record_size == 0)
    {
      g_set_error (error, OP_FORMAT_ERROR, OP_FORMAT_ERROR_HEADER, _("The header is damaged: it names no values"));
      return FALSE;
    }
  file->origin = g_steal_pointer (&header.origin);
  layout->stride = layout->values + file->table->record_size;
  layout->header = g_bytes_new (bytes, lines.at - bytes);
  return TRUE;
}

static guint32
get_ulong (const guint8 *bytes)
{
  guint32 bits;

  memcpy (&bits, bytes, sizeof bits);
  return GUINT32_FROM_LE (bits);
}

gboolean
op_tob1_layout_get_stamp (const OpTob1Layout *layout, const guint8 *record, OpTime *time, guint32 *number)
{
  guint32 nsec = layout->nanoseconds != OP_TOB1_NO_OFFSET ? get_ulong (record + layout->nanoseconds) : 0;

  *time = OP_TIME_UNKNOWN;
  if (nsec >= OP_SECOND)
    return FALSE;
  if (layout->seconds != OP_TOB1_NO_OFFSET)
    *time = op_time_from_parts (get_ulong (record + layout->seconds), nsec);
  if (layout->number != OP_TOB1_NO_OFFSET)
    *number = get_ulong (record + layout->number);
  return TRUE;
}
