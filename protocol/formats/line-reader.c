/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/formats/line-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A value of more lines than this is taken for a quote that was lost. */
#define MAX_LINES_A_VALUE 100

void
op_line_reader_init (OpLineReader *reader, const char *text, gsize length)
{
  *reader = (OpLineReader){ .at = text, .end = text + length, .next_line = 1, .at_eof = TRUE };
  reader->cells = g_array_new (FALSE, FALSE, sizeof (OpCell));
}

void
op_line_reader_init_stream (OpLineReader *reader, GInputStream *stream, gsize n_bytes, GCancellable *cancellable)
{
  *reader = (OpLineReader){ .next_line = 1, .cancellable = cancellable, .capacity = n_bytes };
  reader->cells = g_array_new (FALSE, FALSE, sizeof (OpCell));
  reader->stream = g_object_ref (stream);
  reader->at = reader->end = reader->buffer = g_malloc (n_bytes);
}

void
op_line_reader_clear (OpLineReader *reader)
{
  g_clear_pointer (&reader->cells, g_array_unref);
  g_clear_object (&reader->stream);
  g_clear_pointer (&reader->buffer, g_free);
  g_clear_error (&reader->error);
}

/* The window. */

/**
 * Moves the window on to begin with the line at hand, so that this has to be taken apart anew. FALSE when there is no
 * more to be had: at the stream's end, after an error, or because the line is too long.
 */
static gboolean
fill_window (OpLineReader *reader)
{
  gsize rest = reader->end - reader->at, wanted, n_read;

  if (reader->at_eof || rest > OP_LINE_MAX_BYTES)
    return FALSE;
  reader->offset += reader->at - reader->buffer;
  memmove (reader->buffer, reader->at, rest);
  if (rest == reader->capacity)
    {
      /* One more than a line's length is its end. */
      reader->capacity = MIN (2 * reader->capacity, OP_LINE_MAX_BYTES + 1);
      reader->buffer = g_realloc (reader->buffer, reader->capacity);
    }
  wanted = reader->capacity - rest;
  g_input_stream_read_all (reader->stream, reader->buffer + rest, wanted, &n_read, reader->cancellable, &reader->error);
  reader->at = reader->buffer;
  reader->end = reader->at + rest + n_read;
  reader->at_eof = n_read < wanted;
  return reader->error == NULL;
}

/** Leaves out what is left of a line that is too long. */
static void
skip_cut_line (OpLineReader *reader)
{
  const char *line_end = NULL;

  reader->cut = FALSE;
  do
    reader->at = reader->end;
  while (fill_window (reader) && (line_end = memchr (reader->at, '\n', reader->end - reader->at)) == NULL);
  if (line_end != NULL)
    reader->at = line_end + 1;
}

goffset
op_line_reader_tell (const OpLineReader *reader)
{
  return reader->offset + (reader->at - reader->buffer);
}

gboolean
op_line_reader_seek (OpLineReader *reader, goffset offset, guint next_line, GError **error)
{
  if (!g_seekable_seek (G_SEEKABLE (reader->stream), offset, G_SEEK_SET, reader->cancellable, error))
    return FALSE;
  reader->at = reader->end = reader->buffer;
  reader->offset = offset;
  reader->next_line = next_line;
  reader->at_eof = reader->cut = FALSE;
  return TRUE;
}

/* Lines in the window. */

static const char *
find_line_end (OpLineReader *reader, const char *from)
{
  const char *end = from < reader->end ? memchr (from, '\n', reader->end - from) : NULL;

  reader->ran_out |= end == NULL;
  return end != NULL ? end : reader->end;
}

/** Whether a line begins as records and headers do, so that an open quote before it must be damage. */
static gboolean
begins_record (OpLineReader *reader, const char *line)
{
  if (reader->end - line <= 5)
    {
      reader->ran_out = TRUE;
      return FALSE;
    }
  return line[0] == '"'
         && ((g_ascii_isdigit (line[1]) && g_ascii_isdigit (line[2]) && line[5] == '-')
             || (line[1] == 'T' && line[2] == 'O' && line[3] == 'A'));
}

/** The end of what the line says: before the CR, if there is one. */
static const char *
trim_line_end (const char *from, const char *line_end)
{
  return line_end > from && line_end[-1] == '\r' ? line_end - 1 : line_end;
}

/** Finds the quote that ends the value at @from, moving @line_end on when it lies in a later line. */
static const char *
find_closing_quote (OpLineReader *reader, OpCell *cell, const char *from, const char **line_end)
{
  const char *end = *line_end;
  guint       n_lines = 0;

  for (;;)
    {
      const char *quote = from < end ? memchr (from, '"', end - from) : NULL;

      if (quote != NULL && quote + 1 < end && quote[1] == '"')
        {
          cell->doubled = TRUE;
          from = quote + 2;
        }
      else if (quote != NULL)
        {
          *line_end = end;
          reader->next_line += n_lines;
          return quote;
        }
      else
        {
          if (end == reader->end || begins_record (reader, end + 1) || ++n_lines == MAX_LINES_A_VALUE)
            return NULL;
          from = end;
          end = find_line_end (reader, end + 1);
        }
    }
}

/** Reads the quoted value at @at; returns what lies behind it, NULL after a problem. */
static const char *
take_quoted (OpLineReader *reader, OpCell *cell, const char *at, const char **line_end)
{
  const char *quote = find_closing_quote (reader, cell, at + 1, line_end);
  const char *behind;

  if (quote == NULL)
    {
      reader->problem = _("a quote is not closed");
      return NULL;
    }
  behind = quote + 1;
  cell->text = at + 1;
  cell->length = quote - cell->text;
  cell->quoted = TRUE;
  if (behind < trim_line_end (behind, *line_end) && *behind != ',')
    {
      reader->problem = _("a quote stands within a value");
      return NULL;
    }
  return behind;
}

static const char *
take_plain (OpCell *cell, const char *at, const char *line_end)
{
  const char *end = trim_line_end (at, line_end);
  const char *comma = at < end ? memchr (at, ',', end - at) : NULL;

  cell->text = at;
  cell->length = (comma != NULL ? comma : end) - at;
  return cell->text + cell->length;
}

/** Fills the cells from the line that begins at @at; returns the line's end. */
static const char *
take_cells (OpLineReader *reader, const char *at)
{
  const char *line_end = find_line_end (reader, at);

  for (;;)
    {
      OpCell cell = { 0 };

      at = at < line_end && *at == '"' ? take_quoted (reader, &cell, at, &line_end) : take_plain (&cell, at, line_end);
      if (at == NULL)
        return line_end;
      g_array_append_val (reader->cells, cell);
      if (at == trim_line_end (at, line_end))
        return line_end;
      at++;
    }
}

/** Takes the line apart as far as it lies in the window; returns its end. */
static const char *
take_line (OpLineReader *reader)
{
  reader->next_line = reader->line + 1;
  reader->problem = NULL;
  reader->ran_out = FALSE;
  g_array_set_size (reader->cells, 0);
  return take_cells (reader, reader->at);
}

/** The end of a line that has a problem: what a damaged quote took of the lines behind is theirs. */
static const char *
give_back_lines (OpLineReader *reader)
{
  const char *line_end = find_line_end (reader, reader->at);

  reader->next_line = reader->line + 1;
  reader->cut = line_end == reader->end && !reader->at_eof;
  if (reader->cut)
    {
      reader->problem = _("the line is too long");
      g_array_set_size (reader->cells, 0);
    }
  return line_end;
}

gboolean
op_line_reader_next (OpLineReader *reader)
{
  const char *line_end;

  if (reader->cut)
    skip_cut_line (reader);
  if (reader->at == reader->end)
    fill_window (reader);
  if (reader->at == reader->end)
    return FALSE;
  reader->line = reader->next_line;
  do
    line_end = take_line (reader);
  while (reader->ran_out && fill_window (reader));
  if (reader->error != NULL)
    return FALSE;
  if (reader->problem == NULL && reader->ran_out && !reader->at_eof)
    reader->problem = _("the line is too long");
  if (reader->problem != NULL)
    line_end = give_back_lines (reader);
  reader->start = reader->at;
  reader->length = trim_line_end (reader->at, line_end) - reader->at;
  reader->at = line_end < reader->end ? line_end + 1 : reader->end;
  return TRUE;
}
