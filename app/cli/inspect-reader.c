/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/inspect-reader.h"

#include <glib/gi18n.h>
#include <string.h>

#define BLOCK_SIZE 65536
#define MAX_LINE   (1024 * 1024)

typedef enum
{
  CONTENT_TRACE,
  CONTENT_HEX,
  CONTENT_BYTES,
} Content;

typedef struct
{
  const CliInspectFuncs *funcs;
  gpointer               data;
  Content                content;
  GString               *line;   /* begun */
  guint                  n_line;
  gint                   half;   /* of a byte in hex text */
} Reader;

GByteArray *
cli_inspect_parse_hex (const char *text, gsize length, gint *half)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (gsize i = 0; i < length; i++)
    {
      gint digit = g_ascii_xdigit_value (text[i]);
      guint8 byte;

      if (digit < 0 && (*half >= 0 || !(g_ascii_isspace (text[i]) || strchr (":,", text[i]) != NULL)))
        return NULL;
      if (digit < 0)
        continue;
      if (*half < 0)
        {
          *half = digit;
          continue;
        }
      byte = (guint8) (*half << 4 | digit);
      g_byte_array_append (bytes, &byte, 1);
      *half = -1;
    }
  return g_steal_pointer (&bytes);
}

static void
take_line (Reader *reader)
{
  g_autoptr (OpTraceEvent) event = NULL;
  g_autoptr (GError) error = NULL;

  reader->n_line++;
  if (!op_trace_parse_line (reader->line->str, reader->line->len, reader->n_line, &event, &error))
    reader->funcs->trouble (error, reader->data);
  else if (event != NULL)
    reader->funcs->event (event, reader->data);
  g_string_truncate (reader->line, 0);
}

static void
take_trace (Reader *reader, const char *block, gsize length)
{
  while (length > 0)
    {
      const char *newline = memchr (block, '\n', length);
      gsize n = newline != NULL ? (gsize) (newline - block) : length;

      /* More than fits a line of ours makes it a wrong one anyway. */
      g_string_append_len (reader->line, block, (gssize) MIN (n, MAX_LINE - reader->line->len));
      if (newline == NULL)
        return;
      take_line (reader);
      block += n + 1;
      length -= n + 1;
    }
}

static gboolean
take_hex (Reader *reader, const char *block, gsize length, gboolean is_all, GError **error)
{
  g_autoptr (GByteArray) bytes = cli_inspect_parse_hex (block, length, &reader->half);

  if (bytes == NULL || (is_all && reader->half >= 0))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("It begins as hexadecimal digits, but does not go on so"));
      return FALSE;
    }
  reader->funcs->bytes (bytes->data, bytes->len, is_all, reader->data);
  return TRUE;
}

/* Whether some whole line is a trace's. */
static gboolean
looks_like_trace (const char *block, gsize length)
{
  const char *newline;

  while ((newline = memchr (block, '\n', length)) != NULL)
    {
      gsize n = (gsize) (newline - block);
      g_autoptr (OpTraceEvent) event = NULL;

      if (op_trace_parse_line (block, n, 1, &event, NULL) && event != NULL)
        return TRUE;
      block += n + 1;
      length -= n + 1;
    }
  return FALSE;
}

static Content
guess_content (const char *block, gsize length)
{
  gint half = -1;
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (OpTraceEvent) event = NULL;

  if (looks_like_trace (block, length)
      || (op_trace_parse_line (block, length, 1, &event, NULL) && event != NULL))
    return CONTENT_TRACE;
  bytes = cli_inspect_parse_hex (block, length, &half);
  return bytes != NULL && (half < 0 || length == BLOCK_SIZE) ? CONTENT_HEX : CONTENT_BYTES;
}

static gboolean
take_block (Reader *reader, const char *block, gsize length, gboolean is_all, GError **error)
{
  switch (reader->content)
    {
    case CONTENT_TRACE:
      take_trace (reader, block, length);
      return TRUE;
    case CONTENT_HEX:
      return take_hex (reader, block, length, is_all, error);
    case CONTENT_BYTES:
    default:
      reader->funcs->bytes ((const guint8 *) block, length, is_all, reader->data);
      return TRUE;
    }
}

gboolean
cli_inspect_read (const char *path, const CliInspectFuncs *funcs, gpointer data, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autofree char *block = g_malloc (BLOCK_SIZE);
  g_autoptr (GString) line = g_string_new (NULL);
  Reader reader = { .funcs = funcs, .data = data, .line = line, .half = -1 };
  gboolean is_first = TRUE;
  gsize length;

  if (stream == NULL)
    return FALSE;
  do
    {
      if (!g_input_stream_read_all (G_INPUT_STREAM (stream), block, BLOCK_SIZE, &length, NULL, error))
        return FALSE;
      if (is_first)
        reader.content = guess_content (block, length);
      if (!take_block (&reader, block, length, is_first && length < BLOCK_SIZE, error))
        return FALSE;
      is_first = FALSE;
    }
  while (length == BLOCK_SIZE);
  if (line->len > 0)
    take_line (&reader);
  return TRUE;
}
