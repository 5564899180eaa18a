/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** OpApplication: the program with a window: its store, its stations, its one window. */
#define OP_TYPE_APPLICATION (op_application_get_type ())
G_DECLARE_FINAL_TYPE (OpApplication, op_application, OP, APPLICATION, AdwApplication)

#define OP_APPLICATION_ID "io.github.outpost.Outpost"

OpApplication *op_application_new (void);

G_END_DECLS
