// libnice and GLib for Swift: the headers in use, and functions for what is only a macro or takes variable arguments.
#pragma once

#include <glib-object.h>
#include <glib.h>
#include <nice/agent.h>

// Sources of the network loop

static inline gboolean rk_nice_dispatch(GSource *source, GSourceFunc callback, gpointer data) {
    g_source_set_ready_time(source, -1);
    return callback ? callback(data) : G_SOURCE_REMOVE;
}

// A source that sleeps until `g_source_set_ready_time` and then calls `callback(data)` once per ready time.
static inline GSource *rk_nice_make_source(GMainContext *context, GSourceFunc callback, gpointer data) {
    static GSourceFuncs functions = {NULL, NULL, rk_nice_dispatch, NULL, NULL, NULL};
    GSource *source = g_source_new(&functions, sizeof(GSource));
    g_source_set_callback(source, callback, data, NULL);
    g_source_attach(source, context);
    return source;
}

// Agents

static inline void rk_nice_set_flag(NiceAgent *agent, const char *name, gboolean value) {
    g_object_set(G_OBJECT(agent), name, value, NULL);
}

static inline void rk_nice_set_number(NiceAgent *agent, const char *name, guint value) {
    g_object_set(G_OBJECT(agent), name, value, NULL);
}

static inline void rk_nice_set_text(NiceAgent *agent, const char *name, const char *value) {
    g_object_set(G_OBJECT(agent), name, value, NULL);
}

static inline gulong rk_nice_connect(NiceAgent *agent, const char *signal, GCallback callback, gpointer data) {
    return g_signal_connect(agent, signal, callback, data);
}

static inline void rk_nice_disconnect_all(NiceAgent *agent, gpointer data) {
    g_signal_handlers_disconnect_matched(agent, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, data);
}
