/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/emulator-private.h"
#include "protocol/transport/memory-transport.h"

/* A logger with a thread of its own, which lives as long as the client's end of the link. */
typedef struct
{
  OpEmulator   *emulator;
  GMainContext *context;
  GMainLoop    *loop;
} Demo;

static void
demo_free (Demo *demo)
{
  g_clear_object (&demo->emulator);
  /* What the emulator cancelled ends now. */
  while (g_main_context_iteration (demo->context, FALSE))
    ;
  g_main_loop_unref (demo->loop);
  g_main_context_unref (demo->context);
  g_free (demo);
}

static gpointer
run_demo (gpointer data)
{
  Demo *demo = data;

  g_main_context_push_thread_default (demo->context);
  g_main_loop_run (demo->loop);
  g_main_context_pop_thread_default (demo->context);
  demo_free (demo);
  return NULL;
}

static gboolean
on_quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

/* In the client's thread. A source and no call, as the loop may not have begun to run. */
static void
on_client_freed_cb (gpointer data, GObject *where_it_was)
{
  GMainLoop *loop = data;
  GSource *source = g_idle_source_new ();

  g_source_set_callback (source, on_quit_cb, loop, (GDestroyNotify) g_main_loop_unref);
  g_source_attach (source, g_main_loop_get_context (loop));
  g_source_unref (source);
}

OpTransport *
op_emulator_new_demo_transport (const OpEmulatorOptions *options, GError **error)
{
  Demo *demo = g_new0 (Demo, 1);
  OpTransport *near_end;
  g_autoptr (OpTransport) far_end = NULL;

  demo->context = g_main_context_new ();
  demo->loop = g_main_loop_new (demo->context, FALSE);
  op_memory_transport_new_pair (&near_end, &far_end);

  g_main_context_push_thread_default (demo->context);
  demo->emulator = op_emulator_new (options, error);
  if (demo->emulator != NULL)
    op_emulator_keep_serving (demo->emulator, far_end);
  g_main_context_pop_thread_default (demo->context);

  if (demo->emulator == NULL)
    {
      g_object_unref (near_end);
      demo_free (demo);
      return NULL;
    }
  g_object_weak_ref (G_OBJECT (near_end), on_client_freed_cb, g_main_loop_ref (demo->loop));
  g_thread_unref (g_thread_new ("emulator", run_demo, demo));
  return near_end;
}
