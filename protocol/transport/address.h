/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  OP_SCHEME_TCP,    /* tcp://HOST[:PORT], port 6785 unless given */
  OP_SCHEME_SERIAL, /* serial:/dev/ttyUSB0[?baud=115200] */
  OP_SCHEME_REPLAY, /* replay:FILE, a recorded trace */
  OP_SCHEME_DEMO,   /* demo:MODEL, an in-process emulator */
  OP_SCHEME_LISTEN, /* listen:HOST[:PORT]: the logger calls in; HOST is an IP address of this computer or 0.0.0.0 */
} OpScheme;

#define OP_DEFAULT_TCP_PORT 6785
#define OP_DEFAULT_BAUD     115200 /* where a search for the speed begins */
#define OP_DEFAULT_WAIT_S   600    /* for a logger to call */

/**
 * OpAddress: a station's address as written on the command line and kept in the store:
 * a URI with optional ?pakbus=ADDR&security=CODE&family=pakbus|mixedarray|tfd&fast=1 (design.md), and for
 * demo: ?history=N&seed=N&interval=S, for listen: ?wait=S.
 */
typedef struct
{
  OpScheme    scheme;
  char       *host;     /* TCP and listen; IPv6 without brackets */
  guint16     port;
  char       *path;     /* serial device or trace file; model for demo */
  guint       baud;     /* 1200 to 115200; 0: look for it, or not serial */
  guint       pakbus;   /* 1 to 4094; 0: ask by broadcast */
  guint       neighbour; /* ?via=ADDR: the router to send through; 0: none */
  gint        security; /* 0 to 65535; -1: none given */
  char       *family;   /* NULL: automatic */
  gboolean    fast;     /* several requests at a time, where the device keeps up */
  GHashTable *options;  /* all query parameters, text by name */
} OpAddress;

/** "host", "host:port" and "/dev/…" are taken as TCP and serial. Errors: OP_TRANSPORT_ERROR_ADDRESS. */
OpAddress *op_address_parse   (const char *text, GError **error);
/** The canonical URI, without the security code (which belongs in the keyring). */
char      *op_address_to_string (const OpAddress *address);
void       op_address_free    (OpAddress *address);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpAddress, op_address_free)

G_END_DECLS
