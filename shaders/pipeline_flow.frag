// SPDX-License-Identifier: Apache-2.0 OR MIT
#version 440

// Light that runs through the stage of a pipeline that is at work, in the direction of the work.
layout(location = 0) in vec2 qt_TexCoord0;
layout(location = 0) out vec4 fragColor;

layout(std140, binding = 0) uniform buf {
    mat4 qt_Matrix;
    float qt_Opacity;
    float time;        // seconds; 0 where nothing moves
    float speed;       // of the whole width, per second
    float aspect;      // width / height
    float backward;    // 1: from right to left
    vec4 color;
};

void main() {
    float x = mix(qt_TexCoord0.x, 1.0 - qt_TexCoord0.x, backward);
    // Slanted bands, a few heights apart, brightest at their front.
    float at = x * max(aspect, 1.0) * 0.5 - qt_TexCoord0.y * 0.5 - time * speed * max(aspect, 1.0) * 0.5;
    float band = fract(at);
    float light = pow(band, 3.0) * (1.0 - smoothstep(0.94, 1.0, band));
    float ends = smoothstep(0.0, 0.08, x) * smoothstep(0.0, 0.08, 1.0 - x);
    float alpha = light * ends * 0.55 * color.a * qt_Opacity;
    fragColor = vec4(color.rgb * alpha, alpha);
}
