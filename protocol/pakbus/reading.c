/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/pakbus/reading-private.h"

#include "protocol/pakbus/collect.h"

#define MSG_COLLECT 0x09
#define DATA_OFFSET 3 /* behind message type, transaction number and response code */
#define MAX_BEGUN 5

typedef struct
{
  PakTarget         target;
  OpTable          *table;
  PakCollectRequest request;

  GByteArray *fragments; /* of one long record; NULL: none yet */
  guint32     record;
  OpTime      time;
  guint       n_begun; /* times that the table had gone on before all of its record had come */
} Reading;

static void
reading_free (Reading *reading)
{
  op_table_unref (reading->table);
  g_clear_pointer (&reading->fragments, g_byte_array_unref);
  g_free (reading);
}

static PakMessage *
new_command (const Reading *reading, const PakCollectRequest *request)
{
  PakMessage *command = pak_message_new (PAK_PROTOCOL_BMP5, MSG_COLLECT, 0);
  PakMessage *table;

  pak_message_set_uint (command, "SecurityCode", reading->target.security);
  pak_message_set_uint (command, "CollectMode", request->mode);
  table = pak_message_add_group (command, "Tables");
  pak_message_set_uint (table, "TableNbr", reading->table->number);
  pak_message_set_uint (table, "TableDefSig", reading->table->signature);
  if (request->mode == PAK_COLLECT_TIMES)
    {
      pak_message_set_time (table, "P1", request->from);
      pak_message_set_time (table, "P2", request->to);
      return command;
    }
  if (request->mode != PAK_COLLECT_ALL)
    pak_message_set_uint (table, "P1", request->p1);
  if (request->mode == PAK_COLLECT_RECORDS || request->mode == PAK_COLLECT_PARTIAL)
    pak_message_set_uint (table, "P2", request->p2);
  return command;
}

/* Numbers wrap: what counts is the distance from where the request begins. */
static gboolean
is_as_asked (const PakCollectRequest *request, const OpChunk *chunk)
{
  switch (request->mode)
    {
    case PAK_COLLECT_RECORDS:
      return (guint64) (chunk->first - request->p1) + chunk->count <= request->p2 - request->p1;
    case PAK_COLLECT_NEWEST:
      return chunk->count <= request->p1;
    case PAK_COLLECT_TIMES:
      return chunk->first_time >= request->from && chunk->last_time < request->to;
    default:
      return TRUE;
    }
}

static OpChunk *
new_chunk (Reading *reading, guint32 first, guint32 count, OpTime time, GBytes *payload, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (OpChunk) chunk = op_chunk_new (reading->table, first, count, time, payload, &cause);

  if (chunk == NULL)
    g_set_error_literal (error, PAK_ERROR, PAK_ERROR_RECORD, cause->message);
  else if (!is_as_asked (&reading->request, chunk))
    g_set_error (error, PAK_ERROR, PAK_ERROR_RECORD, "Records %u to %u of table %s came, which were not asked for",
                 chunk->first, chunk->first + chunk->count - 1, reading->table->name);
  else
    return g_steal_pointer (&chunk);
  return NULL;
}

static gboolean
take_fragment (Reading *reading, const PakCollectBlock *block, GError **error)
{
  guint held = reading->fragments != NULL ? reading->fragments->len : 0;

  if (block->byte_offset != held || (held > 0 && block->first != reading->record))
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_RECORD,
                   "Byte %u of record %u of table %s came, byte %u of record %u was asked for", block->byte_offset,
                   block->first, reading->table->name, held, reading->record);
      return FALSE;
    }
  if (reading->fragments == NULL)
    {
      reading->fragments = g_byte_array_new ();
      reading->record = block->first;
      reading->time = block->first_time;
    }
  g_byte_array_append (reading->fragments, block->payload, (guint) block->length);
  return TRUE;
}

/* Whether stamp and values of the record are all there. */
static gboolean
is_complete (const Reading *reading)
{
  return op_table_record_length (reading->table, TRUE, reading->fragments->data, reading->fragments->len) != 0;
}

static OpChunk *
join_fragments (Reading *reading, GError **error)
{
  gsize skipped = op_table_is_event (reading->table) ? 0 : reading->table->stamp_size;
  g_autoptr (GBytes) payload = g_bytes_new (reading->fragments->data + skipped, reading->fragments->len - skipped);

  return new_chunk (reading, reading->record, 1, reading->time, payload, error);
}

static void on_answer_cb (GObject *source, GAsyncResult *result, gpointer data);

/* Takes @task. */
static void
ask (GTask *task, const PakCollectRequest *request)
{
  Reading *reading = g_task_get_task_data (task);

  pak_session_transact_async (reading->target.session, reading->target.node, new_command (reading, request),
                              PAK_REPEAT_NEW_NUMBER, g_task_get_cancellable (task), on_answer_cb, task);
}

static gboolean
parse_answer (Reading *reading, GBytes *answer, PakCollectBlock *block, GError **error)
{
  g_autofree char *what = NULL;
  gsize length;
  const guint8 *bytes = g_bytes_get_data (answer, &length);
  gboolean more;

  if (length < DATA_OFFSET)
    {
      g_set_error (error, PAK_ERROR, PAK_ERROR_MESSAGE, "Collect Data Response of %" G_GSIZE_FORMAT " bytes", length);
      return FALSE;
    }
  if (bytes[DATA_OFFSET - 1] != 0)
    {
      what = g_strdup_printf ("Collecting table %s", reading->table->name);
      pak_set_response_error (error, bytes[DATA_OFFSET - 1], what);
      return FALSE;
    }
  return pak_collect_parse (reading->table, bytes + DATA_OFFSET, length - DATA_OFFSET, block, &more, error);
}

/*
 * Whether to ask for the newest record anew: a table that keeps one record (Status, Public) writes it over while its
 * parts are read, and the rest of the old one is not there any more.
 */
static gboolean
has_gone_on (Reading *reading, const PakCollectBlock *block)
{
  if (reading->request.mode != PAK_COLLECT_NEWEST || reading->fragments == NULL
      || (block->is_offset && block->first == reading->record) || reading->n_begun == MAX_BEGUN)
    return FALSE;
  reading->n_begun++;
  g_clear_pointer (&reading->fragments, g_byte_array_unref);
  return TRUE;
}

static void
return_chunk (GTask *task, OpChunk *chunk, GError *error)
{
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, chunk, (GDestroyNotify) op_chunk_free);
}

static void
on_answer_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = pak_session_transact_finish (PAK_SESSION (source), result, NULL, &error);
  g_autoptr (GBytes) payload = NULL;
  OpChunk *chunk = NULL;
  PakCollectBlock block;

  if (answer == NULL || !parse_answer (reading, answer, &block, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (has_gone_on (reading, &block))
    {
      ask (g_steal_pointer (&task), &reading->request);
      return;
    }
  if (block.is_offset && take_fragment (reading, &block, &error) && !is_complete (reading))
    {
      const PakCollectRequest rest = {
        .mode = PAK_COLLECT_PARTIAL, .p1 = reading->record, .p2 = reading->fragments->len
      };

      ask (g_steal_pointer (&task), &rest);
      return;
    }
  if (error == NULL && block.is_offset)
    chunk = join_fragments (reading, &error);
  else if (error == NULL && block.count > 0)
    {
      payload = g_bytes_new_from_bytes (
          answer, (gsize) (block.payload - (const guint8 *) g_bytes_get_data (answer, NULL)), block.length);
      chunk = new_chunk (reading, block.first, block.count, block.first_time, payload, &error);
    }
  return_chunk (task, chunk, error);
}

void
pak_read_records_async (const PakTarget *target, OpTable *table, const PakCollectRequest *request,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (target->session, cancellable, callback, data);
  Reading *reading = g_new0 (Reading, 1);

  reading->target = *target;
  reading->table = op_table_ref (table);
  reading->request = *request;
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  ask (task, request);
}

OpChunk *
pak_read_records_finish (PakSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
