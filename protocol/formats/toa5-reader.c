/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/formats/toa5-reader.h"

#include "protocol/formats/toa5.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NO_COLUMN         G_MAXUINT
#define UTF8_MARK         "\xEF\xBB\xBF"
#define RECORDS_A_TELLING 1024
/* A piece of the records is what so much text holds: enough to keep several threads busy. */
#define PIECE_BYTES       (1024 * 1024)

/* What has been seen in a column. */
enum
{
  SEEN_NUMBER = 1 << 0,
  SEEN_TIME = 1 << 1,
  SEEN_TEXT = 1 << 2,
  SEEN_EMPTY_TEXT = 1 << 3,
};

struct _OpToa5Reader
{
  OpLineReader       lines;
  goffset            size;
  goffset            start;      /* of the records in the file */
  guint              start_line;
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
  gboolean           report;    /* list problems: only once, though the records are walked twice */
  guint              n_walked;
  gsize              n_records; /* that the first walk found */
  gsize              n_filled;  /* that the second one has handed on */
  gboolean           done;
};

void
op_toa5_reader_free (OpToa5Reader *reader)
{
  op_line_reader_clear (&reader->lines);
  g_clear_pointer (&reader->file, op_data_file_free);
  op_header_clear (&reader->header);
  g_free (reader->seen);
  g_free (reader);
}

static OpCell *
get_cell (OpToa5Reader *reader, guint i)
{
  return &g_array_index (reader->lines.cells, OpCell, i);
}

static guint
get_n_columns (const OpToa5Reader *reader)
{
  return reader->header.texts[OP_HEADER_NAMES]->len;
}

static const char *
get_name (const OpToa5Reader *reader, guint column)
{
  return op_header_get_text (&reader->header, OP_HEADER_NAMES, column);
}

static void
add_problem (OpToa5Reader *reader, guint line, const char *reason)
{
  if (reader->report)
    op_data_file_add_problem (reader->file, g_strdup_printf (_("line %u: %s"), line, reason));
}

/** Whether column @i, one of the first two, is named so; it then is none of the values. */
static gboolean
is_named (OpToa5Reader *reader, guint i, const char *toa5_name, const char *toaci1_name)
{
  const char *name = i < get_n_columns (reader) ? get_name (reader, i) : "";

  return g_ascii_strcasecmp (name, toa5_name) == 0 || g_ascii_strcasecmp (name, toaci1_name) == 0;
}

/** Time and record number come first, but a file may lack either. */
static void
find_first_columns (OpToa5Reader *reader)
{
  reader->time_column = reader->record_column = NO_COLUMN;
  if (is_named (reader, reader->first_column, "TIMESTAMP", "TMSTAMP"))
    reader->time_column = reader->first_column++;
  if (is_named (reader, reader->first_column, "RECORD", "RECNBR"))
    reader->record_column = reader->first_column++;
}

static void
report_double_names (OpToa5Reader *reader)
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
read_header (OpToa5Reader *reader, GError **error)
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
  reader->start = op_line_reader_tell (&reader->lines);
  reader->start_line = reader->lines.next_line;
  return TRUE;
}

static gboolean
is_header_line (const OpToa5Reader *reader, guint i)
{
  gsize       length;
  const void *line = g_bytes_get_data (reader->header.lines[i], &length);

  return reader->lines.length == length && memcmp (reader->lines.start, line, length) == 0;
}

/** Whether the lines from the current one on repeat the header; they are then read over. */
static gboolean
skip_same_header (OpToa5Reader *reader)
{
  for (guint i = 0; i < reader->header.form->n_lines; i++)
    {
      if (i > 0 && !op_line_reader_next (&reader->lines))
        return FALSE;
      if (!is_header_line (reader, i))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_record_number (OpToa5Reader *reader)
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
check_time (OpToa5Reader *reader)
{
  const OpCell *cell;

  reader->time = OP_TIME_UNKNOWN;
  if (reader->time_column == NO_COLUMN)
    return TRUE;
  cell = get_cell (reader, reader->time_column);
  return op_cell_is (cell, "NAN") || op_cell_get_time (cell, &reader->time);
}

static gboolean
has_nul (const OpToa5Reader *reader)
{
  return memchr (reader->lines.start, '\0', reader->lines.length) != NULL;
}

/** Reads time and number of the record in the line; lists what is wrong with it. */
static gboolean
check_record (OpToa5Reader *reader)
{
  g_autofree char *reason = NULL;

  /* Where NUL bytes made the line too long, they tell more. */
  if (reader->lines.problem != NULL && !(reader->lines.cut && has_nul (reader)))
    reason = g_strdup (reader->lines.problem);
  else if (has_nul (reader))
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
next_record (OpToa5Reader *reader)
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

/** Tells now and then that a part of the file was walked in walk @walk of two. */
static gboolean
tell_watch (OpToa5Reader *reader, guint walk, GError **error)
{
  goffset position;

  if (reader->n_walked++ % RECORDS_A_TELLING != 0)
    return TRUE;
  /* The file may have grown since it was asked for its size. */
  position = MIN (op_line_reader_tell (&reader->lines), reader->size);
  return op_read_watch_tell (reader->watch, position / 2 + walk * reader->size / 2, reader->size, error);
}

/** Whether a walk ended where the records do, and not because the file cannot be read. */
static gboolean
check_stream (OpToa5Reader *reader, GError **error)
{
  if (reader->lines.error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reader->lines.error));
  return FALSE;
}

/** Walks the records to learn the columns' types and how many there are. */
static gboolean
learn_types (OpToa5Reader *reader, GError **error)
{
  for (; next_record (reader); reader->n_records++)
    {
      if (!tell_watch (reader, 0, error))
        return FALSE;
      for (guint i = reader->first_column; i < get_n_columns (reader); i++)
        {
          if (!(reader->seen[i] & SEEN_TEXT))
            reader->seen[i] |= classify (get_cell (reader, i));
        }
    }
  return check_stream (reader, error);
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
build_table (OpToa5Reader *reader, GError **error)
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

/** The file may have changed since the types were learnt: what does not fit them stays missing. */
static void
fill_row (OpToa5Reader *reader, OpBatch *batch)
{
  gsize row = op_batch_append_row (batch, reader->record, reader->time);

  for (guint i = 0; i < op_batch_get_n_columns (batch); i++)
    {
      const OpCell *cell = get_cell (reader, reader->first_column + i);
      OpKind        kind = op_batch_get_kind (batch, i);
      double        number;
      OpTime        time;

      if (kind == OP_KIND_TEXT)
        fill_text (batch, i, row, cell);
      else if (op_cell_is_missing (cell))
        continue;
      else if (kind == OP_KIND_NUMBER && op_cell_get_number (cell, &number))
        op_batch_set_number (batch, i, row, number);
      else if (kind == OP_KIND_TIME && op_cell_get_time (cell, &time))
        op_batch_set_time (batch, i, row, time);
    }
}

/** Begins the second walk, which hands on the values. */
static gboolean
begin_values (OpToa5Reader *reader, GError **error)
{
  reader->record = G_MAXUINT32; /* without numbers of their own, records count from 0 */
  reader->report = FALSE;
  return op_line_reader_seek (&reader->lines, reader->start, reader->start_line, error);
}

/** Goes to the next of the records that the first walk found. FALSE at their end: the reader is done. */
static gboolean
next_values (OpToa5Reader *reader)
{
  reader->done = reader->n_filled == reader->n_records || !next_record (reader);
  if (!reader->done)
    reader->n_filled++;
  else if (reader->n_filled < reader->n_records)
    op_data_file_add_problem (reader->file,
                              g_strdup_printf (_("the file was changed while it was read: %lu of %lu records are left"),
                                               (gulong) reader->n_filled, (gulong) reader->n_records));
  return !reader->done;
}

/** Appends the records that begin before @end in the file to @batch. */
static gboolean
fill_batch (OpToa5Reader *reader, OpBatch *batch, goffset end, GError **error)
{
  while (op_line_reader_tell (&reader->lines) < end && next_values (reader))
    {
      fill_row (reader, batch);
      if (!tell_watch (reader, 1, error))
        return FALSE;
    }
  return check_stream (reader, error);
}

/** Goes to where the lines begin: behind the UTF-8 mark, if there is one. */
static gboolean
find_begin (OpToa5Reader *reader, GError **error)
{
  char  begin[sizeof UTF8_MARK - 1];
  gsize n;

  if (!g_input_stream_read_all (reader->lines.stream, begin, sizeof begin, &n, reader->lines.cancellable, error))
    return FALSE;
  return op_line_reader_seek (&reader->lines, n == sizeof begin && memcmp (begin, UTF8_MARK, n) == 0 ? n : 0, 1, error);
}

OpToa5Reader *
op_toa5_reader_new (GInputStream *stream, goffset size, gsize window, const OpReadWatch *watch, GError **error)
{
  g_autoptr (OpToa5Reader) reader = g_new0 (OpToa5Reader, 1);

  reader->size = size;
  reader->watch = watch;
  reader->report = TRUE;
  reader->file = op_data_file_new ();
  if (size > 0)
    window = MIN (window, (gsize) size + 1); /* the one more tells that the file ends there */
  op_line_reader_init_stream (&reader->lines, stream, window, watch != NULL ? watch->cancellable : NULL);
  if (!find_begin (reader, error) || !read_header (reader, error) || !learn_types (reader, error)
      || !build_table (reader, error))
    return NULL;
  return g_steal_pointer (&reader);
}

guint64
op_toa5_reader_estimate (const OpToa5Reader *reader)
{
  return reader->n_records * (sizeof (guint32) + sizeof (OpTime) + 8 * (guint64) reader->file->table->n_columns);
}

gboolean
op_toa5_reader_run (OpToa5Reader *reader, OpDataSink sink, gpointer data, GError **error)
{
  g_autoptr (OpBatch) batch = op_batch_new (reader->file->table, NULL, 0, 0);

  if (!begin_values (reader, error))
    return FALSE;
  while (!reader->done)
    {
      op_batch_clear (batch);
      if (!fill_batch (reader, batch, op_line_reader_tell (&reader->lines) + PIECE_BYTES, error)
          || !sink (reader->file, batch, data, error))
        return FALSE;
    }
  return TRUE;
}

OpDataFile *
op_toa5_reader_take_file (OpToa5Reader *reader)
{
  return g_steal_pointer (&reader->file);
}

OpDataFile *
op_toa5_reader_read_all (OpToa5Reader *reader, GError **error)
{
  OpBatch *batch = op_batch_new (reader->file->table, NULL, 0, reader->n_records);

  reader->file->batch = batch;
  if (!begin_values (reader, error) || !fill_batch (reader, batch, G_MAXOFFSET, error))
    return NULL;
  return g_steal_pointer (&reader->file);
}

OpDataFile *
op_toa5_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (text, (gssize) length, NULL);
  g_autoptr (OpToa5Reader) reader = op_toa5_reader_new (stream, (goffset) length, OP_TOA5_WINDOW_BYTES, NULL, error);

  return reader != NULL ? op_toa5_reader_read_all (reader, error) : NULL;
}
