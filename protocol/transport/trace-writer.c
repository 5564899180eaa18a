/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/transport/trace-writer-private.h"

struct _OpTraceWriter
{
  GOutputStream *stream;
  GAsyncQueue   *texts; /* of char *; the end is the writer itself */
  GThread       *thread;
};

static gpointer
write_texts (gpointer data)
{
  OpTraceWriter *writer = data;
  g_autoptr (GError) error = NULL;
  gpointer text;

  while ((text = g_async_queue_pop (writer->texts)) != writer)
    {
      /* After an error the rest is dropped: a trace with a hole would mislead. */
      if (error == NULL
          && !g_output_stream_write_all (writer->stream, text, strlen (text), NULL, NULL, &error))
        g_warning ("The trace ends here: %s", error->message);
      g_free (text);
    }
  g_output_stream_close (writer->stream, NULL, NULL);
  return NULL;
}

OpTraceWriter *
op_trace_writer_new (GOutputStream *stream)
{
  OpTraceWriter *writer = g_new0 (OpTraceWriter, 1);

  writer->stream = g_object_ref (stream);
  writer->texts = g_async_queue_new ();
  writer->thread = g_thread_new ("trace-writer", write_texts, writer);
  return writer;
}

void
op_trace_writer_write (OpTraceWriter *writer, char *text)
{
  g_async_queue_push (writer->texts, text);
}

void
op_trace_writer_free (OpTraceWriter *writer)
{
  g_async_queue_push (writer->texts, writer);
  g_thread_join (writer->thread);
  g_async_queue_unref (writer->texts);
  g_object_unref (writer->stream);
  g_free (writer);
}
