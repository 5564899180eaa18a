/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads TOA5 and TOACI1 (file-formats.md, sections 1 and 2). */
#include "protocol/formats/line-reader.h"
#include "protocol/formats/toa5.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NO_COLUMN         G_MAXUINT
#define UTF8_MARK         "\xEF\xBB\xBF"
#define RECORDS_A_TELLING 1024

/* What has been seen in a column. */
enum
{
  SEEN_NUMBER = 1 << 0,
  SEEN_TIME = 1 << 1,
  SEEN_TEXT = 1 << 2,
  SEEN_EMPTY_TEXT = 1 << 3,
};

typedef struct
{
  OpLineReader       lines;
  const char        *text; /* where the lines begin */
  OpHeader           header;
  OpDataFile        *file;
  const OpReadWatch *watch;
  guint              time_column;
  guint              record_column;
  guint              first_column; /* the first one of values */
  guint8            *seen;
  /* The record that was read last. */
  OpTime             time;
  guint32            record;
  gboolean           report; /* list problems: only once, though the records are walked twice */
  guint              n_walked;
} Reader;

static void
reader_clear (Reader *reader)
{
  op_line_reader_clear (&reader->lines);
  g_clear_pointer (&reader->file, op_data_file_free);
  op_header_clear (&reader->header);
  g_clear_pointer (&reader->seen, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static OpCell *
get_cell (Reader *reader, guint i)
{
  return &g_array_index (reader->lines.cells, OpCell, i);
}

static guint
get_n_columns (const Reader *reader)
{
  return reader->header.texts[OP_HEADER_NAMES]->len;
}

static const char *
get_name (const Reader *reader, guint column)
{
  return op_header_get_text (&reader->header, OP_HEADER_NAMES, column);
}

static void
add_problem (Reader *reader, guint line, const char *reason)
{
  if (reader->report)
    op_data_file_add_problem (reader->file, g_strdup_printf (_("line %u: %s"), line, reason));
}

/** Whether column @i, one of the first two, is named so; it then is none of the values. */
static gboolean
is_named (Reader *reader, guint i, const char *toa5_name, const char *toaci1_name)
{
  const char *name = i < get_n_columns (reader) ? get_name (reader, i) : "";

  return g_ascii_strcasecmp (name, toa5_name) == 0 || g_ascii_strcasecmp (name, toaci1_name) == 0;
}

/** Time and record number come first, but a file may lack either. */
static void
find_first_columns (Reader *reader)
{
  reader->time_column = reader->record_column = NO_COLUMN;
  if (is_named (reader, reader->first_column, "TIMESTAMP", "TMSTAMP"))
    reader->time_column = reader->first_column++;
  if (is_named (reader, reader->first_column, "RECORD", "RECNBR"))
    reader->record_column = reader->first_column++;
}

static void
report_double_names (Reader *reader)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < get_n_columns (reader); i++)
    {
      g_autofree char *reason = NULL;

      if (g_hash_table_add (names, (gpointer) get_name (reader, i)))
        continue;
      reason = g_strdup_printf (_("two columns are named “%s”"), get_name (reader, i));
      add_problem (reader, OP_HEADER_NAMES + 1, reason);
    }
}

static gboolean
read_header (Reader *reader, GError **error)
{
  if (!op_header_read (&reader->header, &reader->lines, error))
    return FALSE;
  if (!reader->header.form->is_text)
    {
      g_set_error (error, OP_FORMAT_ERROR, OP_FORMAT_ERROR_UNKNOWN, _("This is no TOA5 or TOACI1 file"));
      return FALSE;
    }
  reader->file->origin = g_steal_pointer (&reader->header.origin);
  report_double_names (reader);
  find_first_columns (reader);
  reader->seen = g_new0 (guint8, get_n_columns (reader));
  return TRUE;
}

/** Whether the lines from the current one on repeat the header; they are then read over. */
static gboolean
skip_same_header (Reader *reader)
{
  for (guint i = 0; i < reader->header.form->n_lines; i++)
    {
      if (i > 0 && !op_line_reader_next (&reader->lines))
        return FALSE;
      if (reader->lines.length != reader->header.lines[i].length
          || memcmp (reader->lines.start, reader->header.lines[i].text, reader->lines.length) != 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_record_number (Reader *reader)
{
  double number;

  if (reader->record_column == NO_COLUMN)
    {
      reader->record++;
      return TRUE;
    }
  if (!op_cell_get_number (get_cell (reader, reader->record_column), &number) || !(number >= 0 && number <= G_MAXUINT32)
      || number != (guint32) number)
    return FALSE;
  reader->record = (guint32) number;
  return TRUE;
}

/** A time stamp may be unknown; the writer then puts NAN. */
static gboolean
check_time (Reader *reader)
{
  const OpCell *cell;

  reader->time = OP_TIME_UNKNOWN;
  if (reader->time_column == NO_COLUMN)
    return TRUE;
  cell = get_cell (reader, reader->time_column);
  return op_cell_is (cell, "NAN") || op_cell_get_time (cell, &reader->time);
}

/** Reads time and number of the record in the line; lists what is wrong with it. */
static gboolean
check_record (Reader *reader)
{
  g_autofree char *reason = NULL;

  if (reader->lines.problem != NULL)
    reason = g_strdup (reader->lines.problem);
  else if (memchr (reader->lines.start, '\0', reader->lines.length) != NULL)
    reason = g_strdup (_("NUL bytes, as a loss of power leaves them"));
  else if (reader->lines.cells->len != get_n_columns (reader))
    reason = g_strdup_printf (_("%u values for %u columns"), reader->lines.cells->len, get_n_columns (reader));
  else if (!check_time (reader))
    reason = g_strdup (_("the time stamp is none"));
  else if (!check_record_number (reader))
    reason = g_strdup (_("the record number is none"));
  if (reason == NULL)
    return TRUE;
  add_problem (reader, reader->lines.line, reason);
  return FALSE;
}

/** Goes to the next sound record; FALSE at the end of what can be read. */
static gboolean
next_record (Reader *reader)
{
  while (op_line_reader_next (&reader->lines))
    {
      guint line = reader->lines.line;

      if (reader->lines.length == 0)
        continue;
      if (op_header_form_find (&reader->lines) == NULL)
        {
          if (check_record (reader))
            return TRUE;
        }
      else if (!skip_same_header (reader))
        {
          add_problem (reader, line, _("a different header begins; the rest of the file was not read"));
          return FALSE;
        }
    }
  return FALSE;
}

static guint8
classify (const OpCell *cell)
{
  double number;
  OpTime time;

  if (op_cell_is_missing (cell))
    return cell->quoted && cell->length == 0 ? SEEN_EMPTY_TEXT : 0;
  if (op_cell_get_number (cell, &number))
    return SEEN_NUMBER;
  return op_cell_get_time (cell, &time) ? SEEN_TIME : SEEN_TEXT;
}

/** Tells now and then that a part of the text was walked in walk @walk of two. */
static gboolean
tell_watch (Reader *reader, guint walk, GError **error)
{
  goffset size = reader->lines.end - reader->text;

  if (reader->n_walked++ % RECORDS_A_TELLING != 0)
    return TRUE;
  return op_read_watch_tell (reader->watch, (reader->lines.at - reader->text) / 2 + walk * size / 2, size, error);
}

/** Walks the records to learn the columns' types and how many there are. */
static gboolean
learn_types (Reader *reader, gsize *n_records, GError **error)
{
  for (*n_records = 0; next_record (reader); (*n_records)++)
    {
      if (!tell_watch (reader, 0, error))
        return FALSE;
      for (guint i = reader->first_column; i < get_n_columns (reader); i++)
        {
          if (!(reader->seen[i] & SEEN_TEXT))
            reader->seen[i] |= classify (get_cell (reader, i));
        }
    }
  return TRUE;
}

/** An empty text among numbers or times is a missing one; alone, it tells of texts. */
static OpType
choose_type (guint8 seen)
{
  switch (seen)
    {
    case 0:
    case SEEN_NUMBER:
    case SEEN_NUMBER | SEEN_EMPTY_TEXT:
      return OP_TYPE_IEEE8;
    case SEEN_TIME:
    case SEEN_TIME | SEEN_EMPTY_TEXT:
      return OP_TYPE_NSEC;
    default:
      return OP_TYPE_ASCIIZ;
    }
}

static gboolean
build_table (Reader *reader, GError **error)
{
  OpTableBuilder *builder = op_table_builder_new (reader->header.table_name, 0, OP_TYPE_NSEC, 0, 0);
  g_autoptr (GError) refused = NULL;

  for (guint i = reader->first_column; i < get_n_columns (reader); i++)
    op_table_builder_add_field (builder, choose_type (reader->seen[i]), TRUE, get_name (reader, i),
                                op_header_get_text (&reader->header, OP_HEADER_PROCESSING, i),
                                op_header_get_text (&reader->header, OP_HEADER_UNITS, i), NULL, 0);
  reader->file->table = op_table_builder_finish (builder, 1, &refused);
  if (reader->file->table == NULL)
    g_set_error_literal (error, OP_FORMAT_ERROR, OP_FORMAT_ERROR_HEADER, refused->message);
  return reader->file->table != NULL;
}

static void
fill_text (OpBatch *batch, guint column, gsize row, const OpCell *cell)
{
  g_autofree char *text = NULL;

  if (!cell->doubled)
    {
      op_batch_set_text (batch, column, row, cell->text, (gssize) cell->length);
      return;
    }
  text = op_cell_dup_text (cell);
  op_batch_set_text (batch, column, row, text, -1);
}

static void
fill_row (Reader *reader)
{
  OpBatch *batch = reader->file->batch;
  gsize    row = op_batch_append_row (batch, reader->record, reader->time);

  for (guint i = 0; i < op_batch_get_n_columns (batch); i++)
    {
      const OpCell *cell = get_cell (reader, reader->first_column + i);
      double        number;
      OpTime        time;

      if (op_batch_get_kind (batch, i) == OP_KIND_TEXT)
        fill_text (batch, i, row, cell);
      else if (op_cell_is_missing (cell))
        continue;
      else if (op_batch_get_kind (batch, i) == OP_KIND_NUMBER && op_cell_get_number (cell, &number))
        op_batch_set_number (batch, i, row, number);
      else if (op_cell_get_time (cell, &time))
        op_batch_set_time (batch, i, row, time);
    }
}

/** Walks the records again from @start and keeps them. */
static gboolean
fill_batch (Reader *reader, const OpLineReader *start, gsize n_records, GError **error)
{
  reader->lines.at = start->at;
  reader->lines.next_line = start->next_line;
  reader->record = G_MAXUINT32; /* without numbers of their own, records count from 0 */
  reader->report = FALSE;
  reader->file->batch = op_batch_new (reader->file->table, NULL, 0, n_records);
  while (next_record (reader))
    {
      fill_row (reader);
      if (!tell_watch (reader, 1, error))
        return FALSE;
    }
  return TRUE;
}

OpDataFile *
op_toa5_parse (const char *text, gsize length, GError **error)
{
  return op_toa5_parse_watched (text, length, NULL, error);
}

OpDataFile *
op_toa5_parse_watched (const char *text, gsize length, const OpReadWatch *watch, GError **error)
{
  g_auto (Reader) reader = { .watch = watch, .report = TRUE };
  OpLineReader start;
  gsize        n_records;

  if (length >= strlen (UTF8_MARK) && memcmp (text, UTF8_MARK, strlen (UTF8_MARK)) == 0)
    {
      text += strlen (UTF8_MARK);
      length -= strlen (UTF8_MARK);
    }
  op_line_reader_init (&reader.lines, text, length);
  reader.text = text;
  reader.file = op_data_file_new ();
  if (!read_header (&reader, error))
    return NULL;
  start = reader.lines;
  if (!learn_types (&reader, &n_records, error) || !build_table (&reader, error)
      || !fill_batch (&reader, &start, n_records, error))
    return NULL;
  return g_steal_pointer (&reader.file);
}
