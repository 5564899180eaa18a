/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/formats/tob1-reader.h"

#include "protocol/formats/tob1-layout.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define TOB1_BEGIN   "\"TOB1\","
/* A header must lie within. */
#define HEADER_BYTES (1024 * 1024)
/* Read at a time: few enough to stay in the processor's cache while they are decoded. */
#define BLOCK_BYTES  (256 * 1024)
#define MIN_BYTES    4096
/* How far a place is sought at which records follow each other again. */
#define SEARCH_BYTES (64 * 1024)
/* So many records in a row, each numbered one more than the one before, are no accident. */
#define CHAIN        3
/* Records whose numbers do not follow are taken for the file's way after so many. */
#define MAX_ALONE    16
/* Behind damage, a record of a time as far away as this is none. */
#define MAX_GAP      (10 * 366 * OP_DAY)
/* Numbers below it, and nothing but them, are 8-byte floats of which the byte order is wrong. */
#define MAX_REVERSED 1e-300

/* Why bytes are left out. */
typedef enum
{
  LEFT_NONE,
  LEFT_NUL,
  LEFT_UNFIT,
} Left;

struct _OpTob1Reader
{
  GInputStream *stream;
  goffset       size;
  OpDataFile   *file;
  OpTob1Layout  layout;
  guint8       *buffer;
  gsize         capacity;
  gsize         block;      /* how far the buffer is filled */
  gsize         start, end; /* what of the buffer is to be read yet */
  goffset       offset;     /* of @start in the file */
  gboolean      at_eof;     /* of the stream */
  gboolean      done;
  OpTime       *times;      /* of a run of records */
  guint32      *numbers;
  /* The record that was taken last. */
  gboolean      started;
  OpTime        time;
  guint32       number;
  guint         n_alone;
  /* The bytes that were left out last, not yet listed. */
  Left          left;
  goffset       left_at, left_end;
};

gboolean
op_tob1_is_header (const char *bytes, gsize length)
{
  return length >= strlen (TOB1_BEGIN) && memcmp (bytes, TOB1_BEGIN, strlen (TOB1_BEGIN)) == 0;
}

/** Fills the buffer behind what is left in it. */
static gboolean
fill_buffer (OpTob1Reader *reader, GCancellable *cancellable, GError **error)
{
  gsize n_read, wanted;

  memmove (reader->buffer, reader->buffer + reader->start, reader->end - reader->start);
  reader->end -= reader->start;
  reader->start = 0;
  wanted = MAX (reader->block, reader->end) - reader->end;
  if (!g_input_stream_read_all (reader->stream, reader->buffer + reader->end, wanted, &n_read, cancellable, error))
    return FALSE;
  reader->at_eof = n_read < wanted;
  reader->end += n_read;
  return TRUE;
}

static void
consume (OpTob1Reader *reader, gsize n_bytes)
{
  reader->start += n_bytes;
  reader->offset += (goffset) n_bytes;
}

OpTob1Reader *
op_tob1_reader_new (GInputStream *stream, goffset size, GCancellable *cancellable, GError **error)
{
  g_autoptr (OpTob1Reader) reader = g_new0 (OpTob1Reader, 1);

  reader->stream = g_object_ref (stream);
  reader->size = size;
  reader->file = op_data_file_new ();
  reader->number = G_MAXUINT32; /* without numbers of their own, records count from 0 */
  reader->capacity = reader->block = size > 0 ? (gsize) CLAMP (size, MIN_BYTES, HEADER_BYTES) : HEADER_BYTES;
  reader->buffer = g_malloc (reader->capacity);
  if (!fill_buffer (reader, cancellable, error)
      || !op_tob1_layout_read (&reader->layout, reader->file, (const char *) reader->buffer, reader->end, error))
    return NULL;
  consume (reader, g_bytes_get_size (reader->layout.header));
  reader->block = MAX (BLOCK_BYTES, SEARCH_BYTES + 4 * CHAIN * reader->layout.stride);
  if (!reader->at_eof)
    {
      reader->capacity = MAX (reader->capacity, reader->block);
      reader->buffer = g_realloc (reader->buffer, reader->capacity);
    }
  reader->times = g_new (OpTime, reader->capacity / reader->layout.stride);
  reader->numbers = g_new (guint32, reader->capacity / reader->layout.stride);
  return g_steal_pointer (&reader);
}

void
op_tob1_reader_free (OpTob1Reader *reader)
{
  g_clear_object (&reader->stream);
  g_clear_pointer (&reader->file, op_data_file_free);
  op_tob1_layout_clear (&reader->layout);
  g_free (reader->buffer);
  g_free (reader->times);
  g_free (reader->numbers);
  g_free (reader);
}

/* Listing what is damaged. */

static void
flush_left (OpTob1Reader *reader)
{
  gulong at = (gulong) reader->left_at, n_bytes = (gulong) (reader->left_end - reader->left_at);

  if (reader->left == LEFT_NUL)
    op_data_file_add_problem (
      reader->file, g_strdup_printf (_("byte %lu: %lu NUL bytes, as a loss of power leaves them"), at, n_bytes));
  else if (reader->left == LEFT_UNFIT)
    op_data_file_add_problem (reader->file, g_strdup_printf (_("byte %lu: %lu bytes belong to no record"), at, n_bytes));
  reader->left = LEFT_NONE;
}

static void
add_problem (OpTob1Reader *reader, const char *reason)
{
  flush_left (reader);
  op_data_file_add_problem (reader->file, g_strdup_printf (_("byte %lu: %s"), (gulong) reader->offset, reason));
}

/** Leaves out @n_bytes; those that lie together are listed together. */
static void
leave_out (OpTob1Reader *reader, gsize n_bytes, Left reason)
{
  if (n_bytes == 0)
    return;
  if (reader->left != reason || reader->left_end != reader->offset)
    {
      flush_left (reader);
      reader->left = reason;
      reader->left_at = reader->offset;
    }
  consume (reader, n_bytes);
  reader->left_end = reader->offset;
}

/* Taking records. */

static gsize
get_available (const OpTob1Reader *reader)
{
  return reader->end - reader->start;
}

static const guint8 *
get_bytes (const OpTob1Reader *reader)
{
  return reader->buffer + reader->start;
}

/** How many of the next @max records follow each other; their times and numbers are kept. */
static gsize
count_run (OpTob1Reader *reader, gsize max)
{
  const OpTob1Layout *layout = &reader->layout;
  const guint8       *record = get_bytes (reader);
  gboolean            stamped = op_tob1_layout_is_stamped (layout);
  gsize               n;

  if (stamped && !reader->started)
    return 0;
  for (n = 0; n < max; n++, record += layout->stride)
    {
      guint32 number = reader->number + 1;

      if (!op_tob1_layout_get_stamp (layout, record, &reader->times[n], &number) && stamped)
        break;
      if (stamped && number != reader->number + 1)
        break;
      reader->numbers[n] = reader->number = number;
    }
  return n;
}

static void
take (OpTob1Reader *reader, OpBatch *batch, gsize n)
{
  const OpTob1Layout *layout = &reader->layout;

  if (n == 0)
    return;
  flush_left (reader);
  op_batch_append_rows (batch, reader->numbers, reader->times, get_bytes (reader) + layout->values, layout->stride, n);
  reader->time = reader->times[n - 1];
  reader->started = TRUE;
  consume (reader, n * layout->stride);
}

/** Takes the next record, whose stamp is sound, though it does not follow the one before. */
static void
take_one (OpTob1Reader *reader, OpBatch *batch)
{
  op_tob1_layout_get_stamp (&reader->layout, get_bytes (reader), reader->times, reader->numbers);
  reader->number = reader->numbers[0];
  take (reader, batch, 1);
}

/* Finding records again. */

/** Whether the record at @bytes and those behind it follow each other; @length is what there is of them. */
static gboolean
is_chain (const OpTob1Reader *reader, const guint8 *bytes, gsize length, guint at_least)
{
  gsize   n = MIN (length / reader->layout.stride, CHAIN);
  OpTime  time, last_time = 0;
  guint32 number, last_number = 0;

  for (gsize i = 0; i < n; i++, bytes += reader->layout.stride)
    {
      if (!op_tob1_layout_get_stamp (&reader->layout, bytes, &time, &number))
        return FALSE;
      if (i > 0 && (number != last_number + 1 || time < last_time))
        return FALSE;
      last_time = time;
      last_number = number;
    }
  return n >= at_least;
}

static gboolean
is_near (const OpTob1Reader *reader, OpTime time)
{
  return !reader->started || (time >= reader->time && time - reader->time <= MAX_GAP);
}

/** How many bytes on records follow each other again; 0 when that is nowhere near. */
static gsize
find_chain (const OpTob1Reader *reader)
{
  gsize available = get_available (reader);

  for (gsize i = 1; i <= SEARCH_BYTES && available >= i + 2 * reader->layout.stride; i++)
    {
      const guint8 *bytes = get_bytes (reader) + i;
      OpTime        time;
      guint32       number;

      if (op_tob1_layout_get_stamp (&reader->layout, bytes, &time, &number) && is_near (reader, time)
          && is_chain (reader, bytes, available - i, 2))
        return i;
    }
  return 0;
}

/** Goes to the record at @place; what before it still fits between the records on both sides is taken as well. */
static void
bridge (OpTob1Reader *reader, OpBatch *batch, gsize place)
{
  OpTime  time, end_time;
  guint32 number, end_number;

  op_tob1_layout_get_stamp (&reader->layout, get_bytes (reader) + place, &end_time, &end_number);
  while (reader->started && place >= reader->layout.stride
         && op_tob1_layout_get_stamp (&reader->layout, get_bytes (reader), &time, &number) && time >= reader->time
         && time <= end_time && number - reader->number < end_number - reader->number)
    {
      take_one (reader, batch);
      place -= reader->layout.stride;
    }
  leave_out (reader, place, LEFT_UNFIT);
}

/** Reads over a header that is the same as the first, as appending to a file leaves it. */
static void
skip_header (OpTob1Reader *reader)
{
  gsize       length;
  const void *header = g_bytes_get_data (reader->layout.header, &length);

  if (get_available (reader) >= length && memcmp (get_bytes (reader), header, length) == 0)
    {
      flush_left (reader);
      consume (reader, length);
      return;
    }
  add_problem (reader, _("a different header begins; the rest of the file was not read"));
  reader->done = TRUE;
}

static gboolean
is_nul (const guint8 *bytes, gsize length)
{
  return bytes[0] == 0 && memcmp (bytes, bytes + 1, length - 1) == 0;
}

/** Whether the buffer holds enough to judge what follows a record that does not follow the one before. */
static gboolean
can_mend (const OpTob1Reader *reader)
{
  return get_available (reader) >= (reader->at_eof ? 0 : SEARCH_BYTES + CHAIN * reader->layout.stride) + reader->layout.stride;
}

/** Goes on where the next record does not follow the one before. FALSE when that takes more of the file. */
static gboolean
mend (OpTob1Reader *reader, OpBatch *batch)
{
  const guint8 *bytes = get_bytes (reader);
  gsize         available = get_available (reader), place;
  OpTime        time;
  guint32       number;
  gboolean      sound;

  if (!can_mend (reader))
    return FALSE;
  sound = op_tob1_layout_get_stamp (&reader->layout, bytes, &time, &number);
  if (op_tob1_is_header ((const char *) bytes, available))
    skip_header (reader);
  else if (is_nul (bytes, reader->layout.stride))
    leave_out (reader, reader->layout.stride, LEFT_NUL);
  else if (is_chain (reader, bytes, available, 1))
    take_one (reader, batch);
  else if (reader->n_alone < MAX_ALONE && (place = find_chain (reader)) > 0)
    bridge (reader, batch, place);
  else if (sound && is_near (reader, time))
    {
      reader->n_alone++;
      take_one (reader, batch);
    }
  else
    leave_out (reader, reader->n_alone < MAX_ALONE && available > SEARCH_BYTES + 2 * reader->layout.stride
                         ? SEARCH_BYTES
                         : reader->layout.stride, LEFT_UNFIT);
  return TRUE;
}

/** Takes the records in the buffer, up to one that can only be judged with more of the file. */
static void
take_records (OpTob1Reader *reader, OpBatch *batch)
{
  do
    take (reader, batch, count_run (reader, get_available (reader) / reader->layout.stride));
  while (!reader->done && mend (reader, batch));
}

/** Reads the next block's records into @batch; at the file's end, the reader is done. */
static gboolean
read_block (OpTob1Reader *reader, OpBatch *batch, const OpReadWatch *watch, GError **error)
{
  g_autofree char *reason = NULL;

  if (!reader->at_eof && !fill_buffer (reader, watch->cancellable, error))
    return FALSE;
  take_records (reader, batch);
  if (!reader->done && reader->at_eof)
    {
      reader->done = TRUE;
      reason = g_strdup_printf (_("the last record is cut off: %lu of %lu bytes"), (gulong) get_available (reader),
                                (gulong) reader->layout.stride);
      if (get_available (reader) > 0)
        add_problem (reader, reason);
    }
  if (reader->done)
    flush_left (reader);
  return op_read_watch_tell (watch, reader->offset, reader->size, error);
}

static guint64
estimate_records (const OpTob1Reader *reader)
{
  return (guint64) MAX (reader->size - reader->offset, 0) / reader->layout.stride;
}

guint64
op_tob1_reader_estimate (const OpTob1Reader *reader)
{
  return estimate_records (reader) * (sizeof (guint32) + sizeof (OpTime) + 8 * (guint64) reader->file->table->n_columns);
}

gboolean
op_tob1_reader_run (OpTob1Reader *reader, const OpReadWatch *watch, OpDataSink sink, gpointer data, GError **error)
{
  g_autoptr (OpBatch) batch = op_batch_new (reader->file->table, NULL, 0, reader->capacity / reader->layout.stride);

  while (!reader->done)
    {
      op_batch_clear (batch);
      if (!read_block (reader, batch, watch, error) || !sink (reader->file, batch, data, error))
        return FALSE;
    }
  return TRUE;
}

OpDataFile *
op_tob1_reader_take_file (OpTob1Reader *reader)
{
  return g_steal_pointer (&reader->file);
}

static gboolean
is_reversed (const double *numbers, gsize n)
{
  gboolean any = FALSE;

  for (gsize i = 0; i < n; i++)
    {
      if (!(fabs (numbers[i]) < MAX_REVERSED))
        return FALSE;
      any |= numbers[i] != 0;
    }
  return any;
}

/** Puts 8-byte floats right that a CR1000X wrote big-endian. */
static void
restore_reversed (OpDataFile *file, guint column)
{
  OpBatch         *batch = file->batch;
  g_autofree char *name = NULL;

  if (op_batch_get_type (batch, column) != OP_TYPE_IEEE8L
      || !is_reversed (op_batch_get_numbers (batch, column), op_batch_get_n_records (batch)))
    return;
  for (gsize i = 0; i < op_batch_get_n_records (batch); i++)
    {
      guint8 bytes[sizeof (double)];

      op_value_set_number (OP_TYPE_IEEE8L, op_batch_get_numbers (batch, column)[i], bytes, NULL);
      op_batch_set_number (batch, column, i, op_value_get_number (OP_TYPE_IEEE8, bytes));
    }
  name = op_table_dup_column_name (file->table, column);
  op_data_file_add_problem (
    file, g_strdup_printf (_("“%s”: the bytes of its numbers are in reverse order; they are shown as they were meant"), name));
}

OpDataFile *
op_tob1_reader_read_all (OpTob1Reader *reader, const OpReadWatch *watch, GError **error)
{
  g_autoptr (OpDataFile) file = NULL;

  reader->file->batch = op_batch_new (reader->file->table, NULL, 0, estimate_records (reader));
  while (!reader->done)
    if (!read_block (reader, reader->file->batch, watch, error))
      return NULL;
  file = g_steal_pointer (&reader->file);
  for (guint i = 0; i < op_batch_get_n_columns (file->batch); i++)
    restore_reversed (file, i);
  return g_steal_pointer (&file);
}
