/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/formats/line-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A value of more lines than this is taken for a quote that was lost. */
#define MAX_LINES_A_VALUE 100

void
op_line_reader_init (OpLineReader *reader, const char *text, gsize length)
{
  *reader = (OpLineReader){ .at = text, .end = text + length, .next_line = 1 };
  reader->cells = g_array_new (FALSE, FALSE, sizeof (OpCell));
}

void
op_line_reader_clear (OpLineReader *reader)
{
  g_clear_pointer (&reader->cells, g_array_unref);
}

static const char *
find_line_end (const OpLineReader *reader, const char *from)
{
  const char *end = from < reader->end ? memchr (from, '\n', reader->end - from) : NULL;

  return end != NULL ? end : reader->end;
}

/** Whether a line begins as records and headers do, so that an open quote before it must be damage. */
static gboolean
begins_record (const char *line, const char *end)
{
  return end - line > 5 && line[0] == '"'
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
          if (end == reader->end || begins_record (end + 1, reader->end) || ++n_lines == MAX_LINES_A_VALUE)
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

gboolean
op_line_reader_next (OpLineReader *reader)
{
  const char *line_end;

  if (reader->at == reader->end)
    return FALSE;
  reader->line = reader->next_line++;
  reader->problem = NULL;
  g_array_set_size (reader->cells, 0);
  line_end = take_cells (reader, reader->at);
  if (reader->problem != NULL)
    {
      /* What a damaged quote took of the lines behind is theirs. */
      line_end = find_line_end (reader, reader->at);
      reader->next_line = reader->line + 1;
    }
  reader->start = reader->at;
  reader->length = trim_line_end (reader->at, line_end) - reader->at;
  reader->at = line_end < reader->end ? line_end + 1 : reader->end;
  return TRUE;
}
